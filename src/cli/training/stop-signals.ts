import { exitCodes } from '../../shared/exit-codes.js';

/**
 * Ctrl-C, termination and a closed terminal ask the training to stop after a checkpoint; a second one ends
 * the program at once. While there is nothing to save yet, the first does.
 */
export class StopSignals {
  private asked = false;
  /** Called before the program ends at once; null while a checkpoint is worth waiting for. */
  private atOnce: (() => void) | null = () => undefined;

  /** `onAgain`: called before the second one ends the program. */
  constructor(
    private readonly onRequest: () => void,
    private readonly onAgain: () => void = () => undefined,
  ) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.take());
  }

  get requested(): boolean {
    return this.asked;
  }

  /** `clean`: what to do before the program ends; null: from now on the first signal only asks. */
  set nothingToSave(clean: (() => void) | null) {
    this.atOnce = clean;
  }

  private take(): void {
    if (this.atOnce !== null) {
      this.atOnce();
      process.exit(exitCodes.stopped);
    }
    if (this.asked) {
      this.onAgain();
      process.exit(exitCodes.stopped);
    }
    this.asked = true;
    this.onRequest();
  }
}
