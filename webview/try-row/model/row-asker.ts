import type { RowRequest, RowValues } from '../../../src/shared/prediction/row-messages.js';

/** Milliseconds without a change after which a row is predicted. */
const pause = 60;

type Wanted = Omit<Extract<RowRequest, { ask: 'predict' }>, 'ask' | 'id'>;

/**
 * Asks for the prediction of a row that a person is writing: a moment after the last change, one at a time, and
 * of what has changed meanwhile the latest alone.
 */
export class RowAsker {
  private id = 0;
  private wanted: Wanted | null = null;
  private isWaiting = false;
  private timer: number | null = null;

  constructor(private readonly ask: (request: RowRequest) => void) {}

  /**
   * Asks at once for the prediction of a row as it was filled in, and forgets what was written before. Returns the
   * number of the request.
   */
  predictFilled(values: RowValues, member: number): number {
    this.reset();
    this.wanted = { values, member };
    this.send();
    return this.id;
  }

  predict(values: RowValues, member: number): void {
    this.wanted = { values, member };
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.timer = null;
      this.send();
    }, pause);
  }

  /** Takes an answer; returns whether it is the one that was asked for last. */
  take(id: number): boolean {
    if (id !== this.id) return false;
    this.isWaiting = false;
    if (this.timer === null) this.send();
    return true;
  }

  row(row: number | null): void {
    this.ask({ ask: 'row', id: 0, row });
  }

  /** Forgets what was asked: the process that was asked is gone. */
  reset(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.isWaiting = false;
    this.wanted = null;
  }

  private send(): void {
    if (this.wanted === null || this.isWaiting) return;
    const { wanted } = this;
    this.wanted = null;
    this.isWaiting = true;
    this.ask({ ask: 'predict', id: ++this.id, ...wanted });
  }
}
