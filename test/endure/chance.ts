import { seededUniform } from '../../src/network/draws/random.js';

/** Draws that are the same for the same seed and name. */
export class Chance {
  private readonly uniform: () => number;

  constructor(seed: number, name: string) {
    this.uniform = seededUniform(seed, name);
  }

  /** Returns a number from `from` up to but not `to`. */
  between(from: number, to: number): number {
    return from + (to - from) * this.uniform();
  }

  /** Returns a whole number from 1 to `most`, a small one as likely as one ten times as large. */
  upTo(most: number): number {
    return Math.floor(Math.exp(this.between(0, Math.log(most + 1))));
  }

  happens(chance: number): boolean {
    return this.uniform() < chance;
  }

  /** Returns one of some values, of which there is at least one. */
  of<T>(values: readonly T[]): T {
    return values[Math.floor(this.uniform() * values.length)]!;
  }
}
