import type { ScaleParts } from '../../experiment/schema/columns.js';
import { frequentValues, quantileEdges } from './bin-edges.js';
import type { BesideField } from './encoder.js';
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
export function fitBeside({ bins, values, edges }: ScaleParts, training: TrainingValues): BesideField[] {
  const fields: BesideField[] = [];
  if (bins !== undefined) fields.push({ kind: 'bins', edges: edgesOf(edges, bins, training) });
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

/** Returns a function from a value, NaN where it is missing, to its index in a field beside a number. */
export function indexBeside(field: BesideField): (value: number) => number {
  switch (field.kind) {
    case 'bins': {
      const { edges } = field;
      return (value) => (Number.isNaN(value) ? 0 : 1 + placeAmong(edges, toSingle(value)));
    }
    case 'values': {
      // A value that is not there, as a missing one, has the index 0.
      const indices = new Map(field.values.map((value, i) => [value, i + 1]));
      return (value) => indices.get(toSingle(value)) ?? 0;
    }
  }
}
