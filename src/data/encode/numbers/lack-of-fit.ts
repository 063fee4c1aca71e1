import { quantileEdges } from './bin-edges.js';
import { placeAmong } from './scales.js';
import type { LabelsOfRows } from './target-edges.js';

/** The bins whose means stand for any curve. */
const bins = 16;
/** The share of a label's spread that they explain beyond a line, and beyond chance, at least. */
const leastShare = 0.005;
/** The least F of the test of lack of fit: with 14 more parameters, chance reaches it once in a million. */
const leastF = 4;

/**
 * Tells whether any task's labels follow a number otherwise than by a straight line: the means of about 16
 * quantile bins of it explain more of their squared deviations than a line does, by half a percent of them
 * beyond what chance gives, and by an F of 4 or more (the test of lack of fit; Draper and Smith 1998, chapter
 * 2). Classes are outputs of 0 and 1, taken together. `numbers`: each training row's value, NaN where it is
 * missing; `scaled`: the number as it enters the network; `sorted`: the values that are there, ascending.
 */
export function departsFromLine(
  { numbers, sorted, scaled }: NumbersOfRows,
  trainRows: Uint32Array,
  labels: readonly LabelsOfRows[],
): boolean {
  const edges = quantileEdges(sorted, bins);
  const used = edges.length + 1;
  if (used < 3) return false;
  return labels.some(({ classes, values }) => {
    const outputs = classes ?? 1;
    const rows = new Float64Array(used);
    const sums = new Float64Array(used * outputs);
    const products = new Float64Array(outputs);
    const z = { sum: 0, squares: 0 };
    let squares = 0;
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i]!;
      const label = values[trainRows[i]!]!;
      if (Number.isNaN(number) || Number.isNaN(label)) continue;
      const at = scaled(number);
      const bin = placeAmong(edges, number);
      const [output, value] = classes === null ? [0, label] : [label, 1];
      rows[bin]!++;
      sums[bin * outputs + output]! += value;
      products[output]! += at * value;
      z.sum += at;
      z.squares += at * at;
      squares += value * value;
    }
    return lacksFit({ outputs, rows, sums, products, z, squares });
  });
}

/** A number of the training rows. */
export interface NumbersOfRows {
  readonly numbers: Float64Array;
  readonly sorted: Float64Array;
  readonly scaled: (value: number) => number;
}

/** Sums over rows: of labels by bin [bins, outputs], of number times label by output, and of squares. */
interface Sums {
  readonly outputs: number;
  readonly rows: Float64Array;
  readonly sums: Float64Array;
  readonly products: Float64Array;
  readonly z: { readonly sum: number; readonly squares: number };
  readonly squares: number;
}

function lacksFit({ outputs, rows, sums, products, z, squares }: Sums): boolean {
  const count = rows.reduce((sum, ofBin) => sum + ofBin, 0);
  const filled = rows.filter((ofBin) => ofBin > 0).length;
  const more = filled - 2;
  const ofNumber = z.squares - (z.sum * z.sum) / count;
  if (more < 1 || count <= filled || !(ofNumber > 0)) return false;
  let [spread, byLine, byBins] = [squares, 0, 0];
  for (let output = 0; output < outputs; output++) {
    let total = 0;
    for (let bin = 0; bin < rows.length; bin++) {
      const sum = sums[bin * outputs + output]!;
      total += sum;
      if (rows[bin]! > 0) byBins += (sum * sum) / rows[bin]!;
    }
    spread -= (total * total) / count;
    byBins -= (total * total) / count;
    byLine += (products[output]! - (z.sum * total) / count) ** 2 / ofNumber;
  }
  if (!(spread > 1e-12 * squares)) return false;
  const share = (byBins - byLine) / spread;
  const left = Math.max(0, 1 - byBins / spread) / (count - filled);
  return share - more / count >= leastShare && share / more >= leastF * left;
}
