import { spawn, type ChildProcess } from 'node:child_process';
import { doNow } from '../../../run/files/file-work.js';
import { appendTo, close, openToAppend } from '../../../run/files/run-file.js';
import { runPaths } from '../../../run/files/run-paths.js';
import { parseReport, type TrainerOrder, type TrainerReport } from './messages.js';

/** The open file at which a trainer finds the encoded rows; 0 to 2 are the usual ones. */
export const rowsDescriptor = 3;

export interface TrainerEnd {
  /** Null: ended by a signal, or never started. */
  readonly code: number | null;
  /** How it ended, for people: `SIGKILL`, `spawn EAGAIN`, `exit code 1`. */
  readonly how: string;
}

/**
 * This program once more, training queued runs of a comparison one after the other in a process of its own: it is
 * started once, and keeps the rows and what it has loaded; a crash or a want of memory ends one run only, and the next
 * one is trained by another process. Its standard input says one thing, when it closes: stop after a checkpoint, and
 * train no other. That is how it is asked to, and what it sees when this process is gone.
 */
export class TrainerProcess {
  readonly gone: Promise<TrainerEnd>;
  private readonly child: ChildProcess;
  private end: TrainerEnd | null = null;
  /** The log of the run that it trains, or has trained last: what it prints goes there. */
  private log: string | null = null;
  private heard: ((report: TrainerReport) => void) | null = null;

  /** `rowsFile`: open, as `writePreparedData` leaves it. */
  constructor(runsFolder: string, threads: number, rowsFile: number) {
    const args = ['train-queued', runsFolder, '--threads', String(threads), '--from', String(process.pid)];
    this.child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...args], {
      stdio: ['pipe', 'pipe', 'pipe', rowsFile, 'ipc'],
      env: { ...process.env, NO_COLOR: '1' },
      // A terminal's Ctrl-C would else end one that has just been started, and knows of no signals yet.
      detached: true,
      windowsHide: true,
    });
    // One that has ended already needs no asking.
    this.child.stdin?.on('error', () => undefined);
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => this.keep(text));
    this.child.on('message', (message) => {
      const report = parseReport(message);
      if (report !== null) this.heard?.(report);
    });
    this.gone = new Promise((resolve) => {
      const over = (end: TrainerEnd): void => {
        this.end ??= end;
        resolve(this.end);
      };
      this.child.once('error', (error) => over({ code: null, how: error.message }));
      // Not at its exit: what it has printed is in the log then.
      this.child.once('close', (code, signal) => over({ code, how: signal ?? `exit code ${code}` }));
    });
  }

  /** Whether it can train no other run. */
  get isGone(): boolean {
    return this.end !== null;
  }

  /** Trains a queued run. Returns when the run has ended, or the process has; the run's folder says how it is. */
  async train(folder: string): Promise<TrainerEnd> {
    this.log = runPaths(folder).log;
    const ended = new Promise<TrainerEnd>((resolve) => {
      this.heard = ({ is }) => {
        if (is === 'ended') resolve({ code: 0, how: 'it gave the run back' });
      };
    });
    this.tell({ is: 'train', folder });
    return Promise.race([ended, this.gone]);
  }

  /**
   * Finds out how long experiments take to train; `onMeasured` hears of each at once. Returns when it has looked at all
   * of them, or is gone.
   */
  async measure(
    order: Omit<Extract<TrainerOrder, { is: 'measure' }>, 'is'>,
    onMeasured: (index: number, seconds: number) => void,
  ): Promise<void> {
    const looked = new Promise<void>((resolve) => {
      this.heard = (report) => {
        if (report.is === 'measured') onMeasured(report.index, report.seconds);
        else if (report.is === 'looked') resolve();
      };
    });
    this.tell({ is: 'measure', ...order });
    await Promise.race([looked, this.gone]);
  }

  stop(): void {
    this.child.stdin?.end();
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private tell(order: TrainerOrder): void {
    // One that cannot be told has ended, and says how.
    this.child.send(order, () => undefined);
  }

  private keep(text: string): void {
    if (this.log === null) return;
    try {
      const file = doNow(openToAppend(this.log));
      try {
        doNow(appendTo(file, text));
      } finally {
        doNow(close(file));
      }
    } catch {
      // Its run was deleted.
    }
  }
}
