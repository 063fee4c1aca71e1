import type { RunWriter } from '../../run/writer.js';

/** The ways to leave a run that was taken, but does not train yet. */
export interface WaysOut {
  /** A person has asked it to stop. */
  stopped(): void;
  /** Its training cannot begin. Returns the error to throw. */
  failed(error: unknown): unknown;
}

type Taken =
  /** There is no run yet: nothing has to be left. */
  | { readonly is: 'nobody' }
  /** A run that was there already waits for its data and its engine. */
  | { readonly is: 'adopted'; readonly writer: RunWriter; readonly out: WaysOut }
  /** Runs train from here on, and a checkpoint is worth waiting for. */
  | { readonly is: 'training' };

/**
 * The state of a command on its way to a training: it holds no run yet, one that was there already, or runs
 * that train. This decides what a signal or an error leaves behind.
 */
export class TakenRun {
  private taken: Taken = { is: 'nobody' };

  /** Takes a run that is there already. */
  adopt(writer: RunWriter, out: WaysOut): void {
    this.taken = { is: 'adopted', writer, out };
  }

  /** Shows that the program is alive while it prepares an adopted run. */
  beat(): void {
    if (this.taken.is === 'adopted') this.taken.writer.beat();
  }

  /** Returns whether somebody has asked an adopted run to stop before it trains; it is left then. */
  wasStopped(): boolean {
    if (this.taken.is !== 'adopted' || !this.taken.writer.stopRequested()) return false;
    return this.leave();
  }

  /** Leaves what has been taken and returns true, unless it trains already. */
  leave(): boolean {
    switch (this.taken.is) {
      case 'nobody':
        return true;
      case 'adopted':
        this.taken.out.stopped();
        return true;
      case 'training':
        return false;
    }
  }

  /** Leaves what has been taken when the preparation failed. Returns the error to throw. */
  fail(error: unknown): unknown {
    return this.taken.is === 'adopted' ? this.taken.out.failed(error) : error;
  }

  /** Lets runs train from here on. Returns the adopted one; null: the command makes its own now. */
  begin(): RunWriter | null {
    const writer = this.taken.is === 'adopted' ? this.taken.writer : null;
    this.taken = { is: 'training' };
    return writer;
  }
}
