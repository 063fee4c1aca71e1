import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { rowAnswerSchema, type RowAnswer, type RowRequest } from '../../shared/prediction/row-messages.js';
import { t } from '../editor/localise.js';
import { errorsIn, programEnvironment, type Program } from '../program/program.js';

export interface RowPredictorOptions {
  readonly program: Program;
  readonly runFolder: string;
  /** The working directory: the workspace that the run is in. */
  readonly folder: string;
  answer(answer: RowAnswer): void;
  /** The process has ended, though nobody has asked it to; `why` is for people. */
  ended(why: string): void;
}

/** Ends of what a program said that are kept to tell why it has ended. */
const keptText = 10_000;

/**
 * A process of the program that predicts single rows of a run: the network is computed outside of the editor's
 * process, and stays loaded between two rows.
 */
export class RowPredictor {
  private readonly child: ChildProcessWithoutNullStreams;
  private isOver = false;

  constructor(options: RowPredictorOptions) {
    const { program, runFolder, folder } = options;
    this.child = spawn(program.node, [program.script, 'serve-rows', runFolder], {
      cwd: folder,
      env: programEnvironment(process.env),
      windowsHide: true,
    });
    let said = '';
    const end = (why: string): void => {
      if (this.isOver) return;
      this.isOver = true;
      options.ended(errorsIn(said) || why);
    };
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-keptText);
    });
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      const parsed = v.safeParse(rowAnswerSchema, parsedJson(line));
      if (parsed.success && !this.isOver) options.answer(parsed.output);
    });
    // A process that is gone closes the pipe; its end says why.
    this.child.stdin.on('error', () => undefined);
    this.child.on('error', (error) => end(error.message));
    this.child.on('close', (code) => end(t('the program ended with code {0}', String(code))));
  }

  ask(request: RowRequest): void {
    if (!this.isOver) this.child.stdin.write(`${JSON.stringify(request)}\n`);
  }

  dispose(): void {
    this.isOver = true;
    this.child.stdin.end();
    this.child.kill();
  }
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}
