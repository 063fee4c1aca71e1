import type { NamedArrays } from '../../../network/parameters.js';
import { countColumns, type LayerColumns } from '../graph/side-by-side.js';
import { countRows, type RowRange } from './input-parts.js';

/** Copies these rows of the layers' weights into one matrix [rows, columns of all layers]. */
export function joinRows(
  weights: NamedArrays,
  layers: readonly LayerColumns[],
  ranges: readonly RowRange[],
): Float32Array {
  const joint = new Float32Array(countRows(ranges) * countColumns(layers));
  forRows(layers, ranges, (name, own, start, units) =>
    joint.set(weights.get(name)!.data.subarray(own, own + units), start),
  );
  return joint;
}

/** Copies such a matrix's rows back to the layers' own. */
export function partRows(
  weights: NamedArrays,
  layers: readonly LayerColumns[],
  ranges: readonly RowRange[],
  joint: Float32Array,
): void {
  forRows(layers, ranges, (name, own, start, units) =>
    weights.get(name)!.data.set(joint.subarray(start, start + units), own),
  );
}

/**
 * Calls `use` for each row of each layer: where it starts in the layer's own weight, and in the joint matrix.
 */
function forRows(
  layers: readonly LayerColumns[],
  ranges: readonly RowRange[],
  use: (weight: string, own: number, joint: number, units: number) => void,
): void {
  const columns = countColumns(layers);
  for (const { name, units, column } of layers) {
    const weight = `${name}.weight`;
    let row = 0;
    for (const { first, rows } of ranges)
      for (let r = first; r < first + rows; r++) use(weight, r * units, row++ * columns + column, units);
  }
}
