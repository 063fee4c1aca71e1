import { spawn, type ChildProcess } from 'node:child_process';
import { doNow } from '../../run/files/file-work.js';
import { appendTo, close, openToAppend } from '../../run/files/run-file.js';
import { runPaths } from '../../run/files/run-paths.js';
import { InputError, WorkError } from '../../shared/errors.js';
import type { StudyLine } from '../../shared/study/line.js';
import { messageOf } from '../failure.js';
import {
  parseReport,
  type LineRequest,
  type MeasureOrder,
  type TrainerOrder,
  type TrainerReport,
} from './messages.js';

export interface TrainerOptions {
  /** Where the runs are: it tells this program's trainers from others. */
  readonly runsFolder: string;
  /** Of each training's engine. */
  readonly threads: number;
  /** Open, as `writePreparedData` leaves it: queued runs are trained on it. Absent: only lines are trained. */
  readonly rowsFile?: number;
}

export interface TrainerEnd {
  /** Null: ended by a signal, or never started. */
  readonly code: number | null;
  /** How it ended, for people: `SIGKILL`, `spawn EAGAIN`, `exit code 1`. */
  readonly how: string;
}

/** A line, or how the trainer has ended that was to train it. */
export type LineOutcome = { readonly line: StudyLine } | { readonly lost: TrainerEnd };

/**
 * This program once more, training one after the other in a process of its own: it is started once, and keeps the rows
 * and what it has loaded; a crash or a want of memory ends one training only, and the next one is another process's. Its
 * standard input says one thing, when it closes: end, after a checkpoint if it trains a run, and begin no other. That is
 * how it is asked to, and what it sees when this process is gone.
 */
export class Trainer {
  readonly gone: Promise<TrainerEnd>;
  private readonly child: ChildProcess | null;
  private end: TrainerEnd | null = null;
  private heard: ((report: TrainerReport) => void) | null = null;
  private printed: (text: string, isError: boolean) => void = ignore;

  /** One that cannot be started is gone, and says why. */
  constructor({ runsFolder, threads, rowsFile }: TrainerOptions) {
    const args = ['serve-training', runsFolder, '--threads', String(threads), '--from', String(process.pid)];
    let ended: (end: TrainerEnd) => void = ignore;
    this.gone = new Promise((resolve) => {
      ended = (end) => {
        this.end ??= end;
        resolve(this.end);
      };
    });
    this.child = null;
    try {
      this.child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...args], {
        stdio: ['pipe', 'pipe', 'pipe', rowsFile ?? 'ignore', 'ipc'],
        env: { ...process.env, NO_COLOR: '1' },
        // A terminal's Ctrl-C would else end one that has just been started, and knows of no signals yet.
        detached: true,
        windowsHide: true,
      });
    } catch (error) {
      ended({ code: null, how: messageOf(error) });
      return;
    }
    const { child } = this;
    // One that has ended already needs no asking.
    child.stdin?.on('error', ignore);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.printed(text, false));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.printed(text, true));
    child.on('message', (message) => {
      const report = parseReport(message);
      if (report !== null) this.heard?.(report);
      // Who waits for what cannot be read would wait for ever.
      else this.kill();
    });
    child.once('error', (error) => ended({ code: null, how: error.message }));
    // Not at its exit: what it has printed has come then.
    child.once('close', (code, signal) => ended({ code, how: signal ?? `exit code ${code}` }));
  }

  /** Whether it can train no more. */
  get isGone(): boolean {
    return this.end !== null;
  }

  /**
   * Trains a queued run; what is printed goes to its log. Returns when the run has ended, or the process has; the run's
   * folder says how it is.
   */
  async run(folder: string): Promise<TrainerEnd> {
    const { log } = runPaths(folder);
    this.printed = (text) => appendToLog(log, text);
    const ended = new Promise<TrainerEnd>((resolve) => {
      this.heard = ({ is }) => {
        if (is === 'ended') resolve({ code: 0, how: 'it gave the run back' });
      };
    });
    this.tell({ is: 'run', folder });
    return Promise.race([ended, this.gone]);
  }

  /** Trains a run of a study to its line. Throws an InputError or a WorkError where it is refused. */
  async line(order: LineRequest): Promise<LineOutcome> {
    this.printed = (text, isError) => {
      if (isError) process.stderr.write(text);
    };
    const told = new Promise<LineOutcome>((resolve, reject) => {
      this.heard = (report) => {
        if (report.is === 'line') resolve({ line: report.line });
        if (report.is !== 'refused') return;
        const { fault, code, message } = report;
        reject(fault === 'input' ? new InputError(code, message) : new WorkError(code, message));
      };
    });
    this.tell({ is: 'line', ...order });
    return Promise.race([told, this.gone.then((lost) => ({ lost }))]);
  }

  /**
   * Finds out how long experiments take to train; `onMeasured` hears of each at once. Returns when it has looked at all
   * of them, or is gone.
   */
  async measure(
    order: Omit<MeasureOrder, 'is'>,
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
    this.child?.stdin?.end();
  }

  kill(): void {
    this.child?.kill('SIGKILL');
  }

  private tell(order: TrainerOrder): void {
    // One that cannot be told has ended, and says how.
    if (this.child?.connected === true) this.child.send(order, ignore);
  }
}

const ignore = (): void => undefined;

function appendToLog(log: string, text: string): void {
  try {
    const file = doNow(openToAppend(log));
    try {
      doNow(appendTo(file, text));
    } finally {
      doNow(close(file));
    }
  } catch {
    // Its run was deleted.
  }
}
