import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { doNow } from '../../run/files/file-work.js';
import { openToAppend } from '../../run/files/run-file.js';
import { runPaths } from '../../run/files/run-paths.js';

/** The open file at which a trainer finds the encoded rows; 0 to 2 are the usual ones. */
export const rowsDescriptor = 3;

export interface TrainerEnd {
  /** Null: ended by a signal, or never started. */
  readonly code: number | null;
  /** How it ended, for people: `SIGKILL`, `spawn EAGAIN`, `exit code 1`. */
  readonly how: string;
}

/**
 * This program once more, training one queued run of a comparison in a process of its own, so that a crash or
 * a want of memory ends one run only. Its standard input says one thing, when it closes: stop after a
 * checkpoint. That is how it is asked to, and what it sees when this process is gone.
 */
export class TrainerProcess {
  readonly ended: Promise<TrainerEnd>;
  private readonly child: ChildProcess;

  /** `rowsFile`: open, as `writePreparedData` leaves it. What the program prints goes to the run's log. */
  constructor(runFolder: string, threads: number, rowsFile: number) {
    const log = doNow(openToAppend(runPaths(runFolder).log));
    const args = ['train-queued', runFolder, '--threads', String(threads), '--from', String(process.pid)];
    try {
      this.child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...args], {
        stdio: ['pipe', log, log, rowsFile],
        env: { ...process.env, NO_COLOR: '1' },
        // A terminal's Ctrl-C would else end one that has just been started, and knows of no signals yet.
        detached: true,
        windowsHide: true,
      });
    } finally {
      closeSync(log);
    }
    // One that has ended already needs no asking.
    this.child.stdin?.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => resolve({ code: null, how: error.message }));
      this.child.once('exit', (code, signal) => resolve({ code, how: signal ?? `exit code ${code}` }));
    });
  }

  stop(): void {
    this.child.stdin?.end();
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}
