import { exitCodes } from '../../shared/exit-codes.js';
import type { TakenRun } from './taken-run.js';

/** Calls `act` at each signal that asks this program to end: Ctrl-C, termination and a closed terminal. */
export function onStopSignal(act: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, act);
}

/**
 * Ctrl-C, termination and a closed terminal ask the training to stop after a checkpoint; a second one ends
 * the program at once. As long as nothing trains, the first one does.
 */
export class StopSignals {
  private asked = false;

  /**
   * `onRequest` is called at the first signal to a training, `onAgain` before the second ends the program.
   */
  constructor(
    private readonly taken: TakenRun,
    private readonly onRequest: () => void,
    private readonly onAgain: () => void = () => undefined,
  ) {
    onStopSignal(() => this.take());
  }

  get requested(): boolean {
    return this.asked;
  }

  private take(): void {
    if (this.taken.leave()) process.exit(exitCodes.stopped);
    if (this.asked) {
      this.onAgain();
      process.exit(exitCodes.stopped);
    }
    this.asked = true;
    this.onRequest();
  }
}
