import { Area } from './areas.js';

type Operation = readonly number[];

/**
 * The pass over a batch that comes before its training: the weights of all gates with an importance loss, or
 * their load, summed up (kernel/balance.h). Of the levels below the highest such gate it runs all of the
 * forward program, of that gate's level the gates alone.
 */
export class ImportancePass {
  /** What the gates of the level that is being planned need. */
  #below: readonly Operation[] = [];
  /** Whether the program is for that level. */
  #entered = false;
  #program: Operation[] = [];
  readonly #sums: Operation[] = [];
  /** Places of the sums, in doubles. */
  readonly area = new Area(0);

  startLevel(below: readonly Operation[]): void {
    this.#below = below;
    this.#entered = false;
  }

  /** `gate`: its operations; `sums`: those that add up its weights, or its load. */
  add(gate: readonly Operation[], sums: readonly Operation[]): void {
    if (sums.length === 0) return;
    if (!this.#entered) this.#program = [...this.#below];
    this.#entered = true;
    this.#program.push(...gate);
    this.#sums.push(...sums);
  }

  /** The operations that sum up, for a plan whose stages have the weights at hand. */
  get sums(): readonly Operation[] {
    return this.#sums;
  }

  /** Null: no gate asks for it. */
  get program(): readonly Operation[] | null {
    return this.#sums.length === 0 ? null : [...this.#program, ...this.#sums];
  }
}
