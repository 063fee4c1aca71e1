import type { EventOf } from '../shared/run/run-events.js';
import { short } from './short.js';
import { expertSimilarity, similarityRows } from './similarity.js';

/** The largest number of rows that a report on experts looks at. */
export const expertRowLimit = 4096;

/**
 * Reports what the experts of one level do on some rows, from chunks of them: units alive, output norm, and
 * which two are alike. Experts with the same weights are one module that reads several streams: each is told
 * what the module does on all of these.
 */
export class ExpertHealth {
  private rows = 0;
  private readonly alive: Uint8Array;
  private readonly norms: Float64Array;
  /** Outputs of the first rows [rows, modules, width], kept to compare modules. */
  private readonly kept: Float32Array;
  private readonly keptRows: number;
  /** Per module: its experts, in order. */
  private readonly copies: readonly (readonly number[])[];
  /** Per expert: index of its module. */
  private readonly moduleOf: readonly number[];

  /**
   * `rows`: how many will come in all; `firstAlike`: per expert, the first with the same weights; `width`:
   * units of each one's output.
   */
  constructor(
    rows: number,
    firstAlike: readonly number[],
    private readonly width: number,
  ) {
    const firsts = [...new Set(firstAlike)];
    this.copies = firsts.map((first) =>
      firstAlike.flatMap((each, expert) => (each === first ? [expert] : [])),
    );
    this.moduleOf = firstAlike.map((first) => firsts.indexOf(first));
    this.alive = new Uint8Array(firsts.length * width);
    this.norms = new Float64Array(firsts.length);
    this.keptRows = firsts.length > 1 ? similarityRows(rows, firsts.length, width) : 0;
    this.kept = new Float32Array(this.keptRows * firsts.length * width);
  }

  /** Forgets all rows, as if it was made anew. */
  begin(): void {
    this.rows = 0;
    this.alive.fill(0);
    this.norms.fill(0);
  }

  /** `outputs` [rows, experts, width]. */
  add(outputs: Float32Array): void {
    const { copies, moduleOf, width, alive, norms } = this;
    const units = moduleOf.length * width;
    const rows = outputs.length / units;
    for (let row = 0; row < rows && this.rows + row < this.keptRows; row++) {
      copies.forEach((experts, module) => {
        // Copies take turns, so that all streams count and the rows compared stay as few.
        const start = row * units + experts[(this.rows + row) % experts.length]! * width;
        this.kept.set(
          outputs.subarray(start, start + width),
          ((this.rows + row) * copies.length + module) * width,
        );
      });
    }
    this.rows += rows;
    for (let row = 0; row < rows; row++) {
      for (let expert = 0; expert < moduleOf.length; expert++) {
        const module = moduleOf[expert]!;
        let squares = 0;
        const start = row * units + expert * width;
        for (let unit = 0; unit < width; unit++) {
          const value = outputs[start + unit]!;
          squares += value * value;
          if (value !== 0 && alive[module * width + unit] === 0) alive[module * width + unit] = 1;
        }
        norms[module]! += Math.sqrt(squares);
      }
    }
  }

  /** The `experts` of an `experts` event. */
  report(): EventOf<'experts'>['experts'] {
    const { copies, moduleOf, width } = this;
    const rows = Math.min(this.rows, this.keptRows);
    const modules = copies.length;
    const similarity = expertSimilarity(this.kept, rows, modules, width);
    const states = copies.map((experts, module) => {
      const closest = nearest(similarity.subarray(module * modules, (module + 1) * modules), module);
      return {
        alive: this.alive.subarray(module * width, (module + 1) * width).reduce((sum, unit) => sum + unit, 0),
        units: width,
        norm: short(this.norms[module]! / Math.max(1, this.rows * experts.length)),
        nearest: closest && { ...closest, expert: copies[closest.expert]![0]! },
      };
    });
    return moduleOf.map((module) => states[module]!);
  }
}

function nearest(similarity: Float64Array, expert: number): { expert: number; similarity: number } | null {
  let best = -1;
  for (let other = 0; other < similarity.length; other++) {
    if (
      other !== expert &&
      !Number.isNaN(similarity[other]) &&
      (best < 0 || similarity[other]! > similarity[best]!)
    )
      best = other;
  }
  return best < 0 ? null : { expert: best, similarity: short(similarity[best]!) };
}
