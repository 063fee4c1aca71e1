import type { PeriodicDescription } from '../../../../network/description.js';
import { operation } from '../../format/operations.js';
import { fromColumn, type Rows } from '../../program/areas.js';
import type { Builder } from '../../program/builder.js';

/** A periodic embedding of a numeric column, and where it lies. */
export interface Periodic {
  readonly description: PeriodicDescription;
  /** Its first column in the dense block. */
  readonly column: number;
  readonly frequencies: number;
  readonly sines: Rows;
  readonly cosines: Rows;
  readonly bias: number;
}

/** Gives a periodic embedding its place. Sines and cosines of a unit lie side by side, in whole vectors. */
export function placePeriodic(builder: Builder, description: PeriodicDescription, column: number): Periodic {
  const { name, frequencies: count, width } = description;
  const { parameters } = builder.areas;
  const padded = builder.padded(count);
  const take = (length: number): number => {
    const at = parameters.take(length);
    builder.clearGradient(at, length);
    return at;
  };
  const [frequencies, at, bias] = [take(padded), take(width * 2 * padded), take(width)];
  const sines = { at, stride: 2 * padded };
  const cosines = fromColumn(sines, padded);
  builder.placeRow(`periodic.${name}.frequencies`, frequencies, count);
  builder.place(`periodic.${name}.sines`, sines, width, count);
  builder.place(`periodic.${name}.cosines`, cosines, width, count);
  builder.placeRow(`periodic.${name}.bias`, bias, width);
  return { description, column, frequencies, sines, cosines, bias };
}

const operandsOf = ({ description, column, frequencies, sines, cosines }: Periodic, dense: Rows) => ({
  x: fromColumn(dense, description.column),
  frequencies,
  count: description.frequencies,
  sines,
  cosines,
  width: description.width,
  y: fromColumn(dense, column),
});

/** Emits what computes the embedding. `dense`: the block's values [rows, width]. */
export function computePeriodic(builder: Builder, periodic: Periodic, dense: Rows): void {
  const { bias } = periodic;
  builder.programs.forward.push(operation.periodic({ ...operandsOf(periodic, dense), bias }));
}

/** Emits what adds its gradients, from those by its columns. */
export function periodicBackward(builder: Builder, periodic: Periodic, dense: Rows, dy: Rows): void {
  const { frequencies, sines, cosines, bias } = periodic;
  builder.programs.backward.push(
    operation.periodicBackward({
      ...operandsOf(periodic, dense),
      dy,
      frequenciesGradient: builder.gradient(frequencies),
      sinesGradient: builder.gradientRows(sines),
      cosinesGradient: builder.gradientRows(cosines),
      biasGradient: builder.gradient(bias),
    }),
  );
}
