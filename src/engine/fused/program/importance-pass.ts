import type { Operation } from '../format/operations.js';
import { Area } from './areas.js';

/**
 * The pass over a batch that comes before its training: the weights of all gates with an importance loss, or
 * their load, summed up (kernel/gates/balance.h). Of the levels below the highest such gate it runs all of
 * the forward program, of that gate's level the gates alone.
 */
export class ImportancePass {
  /** The operations that the gates of the level that is being planned need. */
  private below: readonly Operation[] = [];
  /** True once the program is for that level. */
  private entered = false;
  private operations: Operation[] = [];
  private readonly added: Operation[] = [];
  /** Places of the sums, in doubles. */
  readonly area = new Area(0);

  startLevel(below: readonly Operation[]): void {
    this.below = below;
    this.entered = false;
  }

  /** `gate`: its operations; `sums`: those that add up its weights, or its load. */
  add(gate: readonly Operation[], sums: readonly Operation[]): void {
    if (sums.length === 0) return;
    if (!this.entered) this.operations = [...this.below];
    this.entered = true;
    this.operations.push(...gate);
    this.added.push(...sums);
  }

  /** The operations that sum up, for a plan whose stages have the weights at hand; none if no gate asks. */
  get sums(): readonly Operation[] {
    return this.added;
  }

  /** Null: no gate asks for it. */
  get program(): readonly Operation[] | null {
    return this.added.length === 0 ? null : [...this.operations, ...this.added];
  }
}
