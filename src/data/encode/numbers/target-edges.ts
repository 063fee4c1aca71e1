import type { Items } from '../../duckdb/vector.js';

/** A task's labels by row, NaN where missing: classes 0 … classes − 1, or values (null). */
export interface LabelsOfRows {
  readonly classes: number | null;
  readonly values: Items;
}

/** The rows' labels by fine bin, for one task: how many there are, and their sums by output [bins, outputs]. */
interface Sums {
  readonly outputs: number;
  readonly rows: Float64Array;
  readonly sums: Float64Array;
  /** What all splits together could explain: Σ (y − mean)² over rows and outputs. */
  readonly spread: number;
}

/** Neighbouring fine bins, from `from` to before `to`, and the best place to part them. */
interface Leaf {
  readonly from: number;
  readonly to: number;
  readonly at: number;
  /** What parting explains, as a share of what there is to explain, summed over the tasks. */
  readonly gain: number;
}

/**
 * Chooses up to `bins` − 1 of ascending edges, by a regression tree that all tasks grow together: the leaf is
 * parted whose parting explains the largest share of the squared deviations of the tasks' labels, classes being
 * outputs of 0 and 1 (Breiman et al. 1984, as LightGBM grows it, leaf by leaf). `binOf`: each training row's bin
 * among all the edges, −1 where its value is missing. A leaf has `minRows` rows or more.
 */
export function targetEdges(
  edges: readonly number[],
  binOf: Int16Array,
  trainRows: Uint32Array,
  labels: readonly LabelsOfRows[],
  { bins, minRows }: { readonly bins: number; readonly minRows: number },
): number[] {
  const count = edges.length + 1;
  const rows = new Float64Array(count);
  for (const bin of binOf) if (bin >= 0) rows[bin]!++;
  const tasks = labels.map((task) => sumsOf(task, binOf, trainRows, count));
  const grow = (from: number, to: number): Leaf => bestParting(from, to, rows, tasks, minRows);
  const leaves = [grow(0, count)];
  while (leaves.length < bins) {
    const best = leaves.reduce((most, leaf, i) => (leaf.gain > leaves[most]!.gain ? i : most), 0);
    const { from, to, at, gain } = leaves[best]!;
    if (!(gain > 1e-9)) break;
    leaves.splice(best, 1, grow(from, at), grow(at, to));
  }
  return leaves.slice(1).map(({ from }) => edges[from - 1]!);
}

function sumsOf(
  { classes, values }: LabelsOfRows,
  binOf: Int16Array,
  trainRows: Uint32Array,
  bins: number,
): Sums {
  const outputs = classes ?? 1;
  const rows = new Float64Array(bins);
  const sums = new Float64Array(bins * outputs);
  let squares = 0;
  for (let i = 0; i < binOf.length; i++) {
    const bin = binOf[i]!;
    const label = values[trainRows[i]!]!;
    if (bin < 0 || Number.isNaN(label)) continue;
    rows[bin]!++;
    if (classes === null) {
      sums[bin]! += label;
      squares += label * label;
    } else {
      sums[bin * outputs + label]!++;
      squares++;
    }
  }
  const all = totalsOf({ outputs, rows, sums }, 0, bins);
  return { outputs, rows, sums, spread: squares - explained(all) };
}

interface Totals {
  rows: number;
  readonly sums: Float64Array;
}

function totalsOf({ outputs, rows, sums }: Omit<Sums, 'spread'>, from: number, to: number): Totals {
  const totals: Totals = { rows: 0, sums: new Float64Array(outputs) };
  for (let bin = from; bin < to; bin++) addBin(totals, { outputs, rows, sums }, bin);
  return totals;
}

function addBin(totals: Totals, { outputs, rows, sums }: Omit<Sums, 'spread'>, bin: number): void {
  totals.rows += rows[bin]!;
  for (let o = 0; o < outputs; o++) totals.sums[o]! += sums[bin * outputs + o]!;
}

/** Returns rows · Σ mean², which is what their means explain of the squares. */
function explained({ rows, sums }: Totals): number {
  if (rows === 0) return 0;
  let squares = 0;
  for (const sum of sums) squares += sum * sum;
  return squares / rows;
}

/** Returns rows · Σ mean² of what is left of `all` without `part`. */
function explainedByRest(all: Totals, part: Totals): number {
  const rows = all.rows - part.rows;
  if (rows <= 0) return 0;
  let squares = 0;
  for (let o = 0; o < all.sums.length; o++) squares += (all.sums[o]! - part.sums[o]!) ** 2;
  return squares / rows;
}

function bestParting(
  from: number,
  to: number,
  rows: Float64Array,
  tasks: readonly Sums[],
  minRows: number,
): Leaf {
  const gains = new Float64Array(to - from);
  for (const task of tasks) {
    if (!(task.spread > 0)) continue;
    const all = totalsOf(task, from, to);
    const whole = explained(all);
    const left: Totals = { rows: 0, sums: new Float64Array(task.outputs) };
    for (let at = from + 1; at < to; at++) {
      addBin(left, task, at - 1);
      gains[at - from]! += (explained(left) + explainedByRest(all, left) - whole) / task.spread;
    }
  }
  let total = 0;
  for (let bin = from; bin < to; bin++) total += rows[bin]!;
  let best = { from, to, at: to, gain: 0 };
  let left = 0;
  for (let at = from + 1; at < to; at++) {
    left += rows[at - 1]!;
    const gain = gains[at - from]!;
    if (left >= minRows && total - left >= minRows && gain > best.gain) best = { from, to, at, gain };
  }
  return best;
}
