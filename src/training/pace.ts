import { setImmediate } from 'node:timers/promises';

/** Seconds of work after which the event loop gets its turn: signals, file watches. */
const turn = 0.05;

/** Says when to let the event loop run, and tells the outside that work goes on. */
export class Pace {
  private last: number;

  constructor(
    private readonly clock: () => number,
    private readonly onBeat: () => void,
  ) {
    this.last = clock();
  }

  /** Must be called after each piece of work; true: `rest` is due. */
  beat(now: number): boolean {
    this.onBeat();
    return now - this.last >= turn;
  }

  async rest(): Promise<void> {
    await setImmediate();
    this.last = this.clock();
  }

  /** Both, for where it does not matter that every piece waits a little. */
  async breathe(): Promise<void> {
    if (this.beat(this.clock())) await this.rest();
  }
}
