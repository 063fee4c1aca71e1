import type { EventOf } from '../shared/run.js';
import { short } from './short.js';
import { expertSimilarity, similarityRows } from './similarity.js';

/** How many rows a report on experts looks at, at most. */
export const expertRowLimit = 4096;

/** What the experts of one level do on some rows, from chunks of them: units alive, output norm, and which two are alike. */
export class ExpertHealth {
  private rows = 0;
  private readonly alive: Uint8Array;
  private readonly norms: Float64Array;
  /** Outputs of the first rows [rows, experts, width], kept to compare experts. */
  private readonly kept: Float32Array;
  private readonly keptRows: number;

  /** `rows`: how many will come in all; `width`: units of each expert's output. */
  constructor(
    rows: number,
    private readonly experts: number,
    private readonly width: number,
  ) {
    this.alive = new Uint8Array(experts * width);
    this.norms = new Float64Array(experts);
    this.keptRows = experts > 1 ? similarityRows(rows, experts, width) : 0;
    this.kept = new Float32Array(this.keptRows * experts * width);
  }

  /** `outputs` [rows, experts, width]. */
  add(outputs: Float32Array): void {
    const { experts, width, alive, norms } = this;
    const units = experts * width;
    const rows = outputs.length / units;
    const kept = Math.min(rows, Math.max(0, this.keptRows - this.rows));
    this.kept.set(outputs.subarray(0, kept * units), this.rows * units * Number(kept > 0));
    this.rows += rows;
    for (let row = 0; row < rows; row++) {
      for (let expert = 0; expert < experts; expert++) {
        let squares = 0;
        const start = row * units + expert * width;
        for (let unit = 0; unit < width; unit++) {
          const value = outputs[start + unit]!;
          squares += value * value;
          if (value !== 0) alive[expert * width + unit] = 1;
        }
        norms[expert]! += Math.sqrt(squares);
      }
    }
  }

  /** The `experts` of an `experts` event. */
  report(): EventOf<'experts'>['experts'] {
    const { experts, width } = this;
    const rows = Math.min(this.rows, this.keptRows);
    const similarity = expertSimilarity(this.kept, rows, experts, width);
    return Array.from({ length: experts }, (_, expert) => ({
      alive: this.alive.subarray(expert * width, (expert + 1) * width).reduce((sum, unit) => sum + unit, 0),
      units: width,
      norm: short(this.norms[expert]! / Math.max(1, this.rows)),
      nearest: nearest(similarity.subarray(expert * experts, (expert + 1) * experts), expert),
    }));
  }
}

function nearest(similarity: Float64Array, expert: number): { expert: number; similarity: number } | null {
  let best = -1;
  for (let other = 0; other < similarity.length; other++) {
    if (other !== expert && !Number.isNaN(similarity[other]) && (best < 0 || similarity[other]! > similarity[best]!)) best = other;
  }
  return best < 0 ? null : { expert: best, similarity: short(similarity[best]!) };
}
