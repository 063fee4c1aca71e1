import { exitCodes } from '../../shared/exit-codes.js';

/**
 * Ctrl-C, termination and a closed terminal ask the training to stop after a checkpoint; a second one ends
 * the program at once. While there is nothing to save yet, the first does.
 */
export class StopSignals {
  #requested = false;
  /** Called before the program ends at once; null while a checkpoint is worth waiting for. */
  #atOnce: (() => void) | null = () => undefined;

  /** `onAgain`: called before the second one ends the program. */
  constructor(
    private readonly onRequest: () => void,
    private readonly onAgain: () => void = () => undefined,
  ) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.#take());
  }

  get requested(): boolean {
    return this.#requested;
  }

  /** `clean`: what to do before the program ends; null: from now on the first signal only asks. */
  set nothingToSave(clean: (() => void) | null) {
    this.#atOnce = clean;
  }

  #take(): void {
    if (this.#atOnce !== null) {
      this.#atOnce();
      process.exit(exitCodes.stopped);
    }
    if (this.#requested) {
      this.onAgain();
      process.exit(exitCodes.stopped);
    }
    this.#requested = true;
    this.onRequest();
  }
}
