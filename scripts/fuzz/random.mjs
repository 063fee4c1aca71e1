/**
 * A source of draws that are the same for the same seed (mulberry32, by Tommy Ettinger, public domain).
 */
export class Random {
  /** @param {number} seed */
  constructor(seed) {
    /** @private */
    this.state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  }

  /** Returns a number from 0 up to but not 1. */
  unit() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /**
   * Returns a whole number from 0 up to but not `end`; 0 where that is 0.
   * @param {number} end
   */
  below(end) {
    return Math.floor(this.unit() * end);
  }

  /**
   * Returns whether something happens that has this chance.
   * @param {number} chance
   */
  happens(chance) {
    return this.unit() < chance;
  }

  /**
   * Returns one of some values, of which there is at least one.
   * @template T
   * @param {readonly T[]} values
   * @returns {T}
   */
  of(values) {
    return /** @type {T} */ (values[this.below(values.length)]);
  }
}
