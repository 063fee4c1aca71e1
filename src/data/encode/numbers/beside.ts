import type { ScaleParts } from '../../../experiment/schema/columns.js';
import { placeEntry } from '../../../network/fields/piecewise.js';
import { frequentValues, quantileEdges } from './bin-edges.js';
import type { BesideField } from '../encoder.js';
import { placeAmong, toSingle } from './scales.js';
import { targetEdges, type LabelsOfRows } from './target-edges.js';

/** The training rows' values of a column, and their labels. */
export interface TrainingValues {
  /** The values that are not missing, ascending. */
  readonly sorted: Float64Array;
  /** Returns the value of each training row; NaN where it is missing. */
  readonly values: () => Float64Array;
  readonly trainRows: Uint32Array;
  readonly labels: readonly LabelsOfRows[];
}

/** The largest number of values that are inputs of their own, by column. */
const maxValues = 1000;
/** Fine bins of which target-aware edges are chosen. */
const fineBins = 500;

/** Learns the fields beside a number. */
export function fitBeside(
  { bins, piecewise, values, edges }: ScaleParts,
  training: TrainingValues,
): BesideField[] {
  const fields: BesideField[] = [];
  if (bins !== undefined) fields.push({ kind: 'bins', edges: edgesOf(edges, bins, training) });
  if (piecewise !== undefined) fields.push({ kind: 'piecewise', knots: knotsOf(edges, piecewise, training) });
  if (values !== undefined)
    fields.push({ kind: 'values', values: frequentValues(training.sorted, values, maxValues) });
  return fields;
}

function edgesOf(edges: ScaleParts['edges'], bins: number, training: TrainingValues): number[] {
  const { sorted, values, trainRows, labels } = training;
  switch (edges) {
    case 'quantile':
      return quantileEdges(sorted, bins);
    case 'target': {
      const fine = quantileEdges(sorted, Math.max(fineBins, bins));
      const numbers = values();
      const binOf = new Int16Array(numbers.length);
      for (let i = 0; i < binOf.length; i++)
        binOf[i] = Number.isNaN(numbers[i]) ? -1 : placeAmong(fine, numbers[i]!);
      // A leaf of fewer rows would be fitted to their noise.
      const minRows = Math.max(10, sorted.length / (10 * bins));
      return targetEdges(fine, binOf, trainRows, labels, { bins, minRows });
    }
  }
}

/** Returns the least and the largest value, and the edges between them; one knot where all values are equal. */
function knotsOf(edges: ScaleParts['edges'], pieces: number, training: TrainingValues): number[] {
  const { sorted } = training;
  const ends = sorted.length === 0 ? [0] : [sorted[0]!, sorted.at(-1)!];
  const all = [...ends, ...edgesOf(edges, pieces, training)].map((knot) => knot + 0);
  return [...new Set(all)].sort((one, other) => one - other);
}

/** Returns a function from a value, NaN where it is missing, to its entry in a field beside a number. */
export function indexBeside(field: BesideField): (value: number) => number {
  switch (field.kind) {
    case 'bins': {
      const { edges } = field;
      return (value) => (Number.isNaN(value) ? 0 : 1 + placeAmong(edges, toSingle(value)));
    }
    case 'piecewise': {
      const { knots } = field;
      return (value) => (Number.isNaN(value) ? 0 : placeAmongKnots(knots, toSingle(value)));
    }
    case 'values': {
      // A value that is not there, as a missing one, has the index 0.
      const indices = new Map(field.values.map((value, i) => [value, i + 1]));
      return (value) => indices.get(toSingle(value)) ?? 0;
    }
  }
}

/** Returns the entry of a value between ascending knots, whose columns follow that of missing values. */
function placeAmongKnots(knots: readonly number[], value: number): number {
  const above = placeAmong(knots, value);
  if (above === 0) return knots.length === 1 ? placeEntry(0, 1) : placeEntry(1, 0);
  if (above === knots.length) return placeEntry(knots.length - 1, 1);
  const [low, high] = [knots[above - 1]!, knots[above]!];
  return placeEntry(above, (value - low) / (high - low));
}
