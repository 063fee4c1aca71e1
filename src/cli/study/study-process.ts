import { spawn, type ChildProcess } from 'node:child_process';
import * as v from 'valibot';
import { InputError, WorkError } from '../../shared/errors.js';
import type { StudyLine } from '../../shared/study/line.js';
import { answerSchema, type Answer } from './messages.js';
import type { LineRequest } from './train-line.js';

/** What is heard of a process: an answer, or how it has ended. */
type Heard = Answer | { readonly is: 'ended'; readonly how: string };

/**
 * This program once more, training runs of studies one after the other in a process of its own: it is started
 * once, and keeps what it has loaded and read. It ends with this process.
 */
export class StudyProcess {
  private readonly child: ChildProcess;
  private waiting: ((heard: Heard) => void) | null = null;
  private readonly heard: Heard[] = [];

  constructor() {
    this.child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, 'train-study'], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, NO_COLOR: '1' },
      // A terminal's Ctrl-C is for the program that has started it.
      detached: true,
      windowsHide: true,
    });
    this.child.on('message', (message) => {
      const parsed = v.safeParse(answerSchema, message);
      this.hear(parsed.success ? parsed.output : { is: 'ended', how: 'an answer that cannot be read' });
    });
    this.child.once('error', (error) => this.hear({ is: 'ended', how: error.message }));
    this.child.once('exit', (code, signal) => this.hear({ is: 'ended', how: signal ?? `exit code ${code}` }));
  }

  /** Trains a run. Throws an InputError where it is refused, and a WorkError where the process ends. */
  async train(request: LineRequest): Promise<StudyLine> {
    this.child.send(request, (error) => {
      if (error !== null) this.hear({ is: 'ended', how: error.message });
    });
    for (;;) {
      const answer = await this.next();
      switch (answer.is) {
        case 'ready':
          continue;
        case 'line':
          return answer.line;
        case 'refused':
          throw new InputError(answer.code, answer.message);
        case 'ended':
          throw new WorkError(
            'study.process',
            `a process that trains the study has ended: ${answer.how}; begin the study again, and it goes on`,
          );
      }
    }
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private next(): Promise<Heard> {
    const first = this.heard.shift();
    if (first !== undefined) return Promise.resolve(first);
    return new Promise((resolve) => (this.waiting = resolve));
  }

  private hear(heard: Heard): void {
    const { waiting } = this;
    this.waiting = null;
    if (waiting === null) this.heard.push(heard);
    else waiting(heard);
  }
}
