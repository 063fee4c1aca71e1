import type { EncodedRows } from '../../../network/encoded-rows.js';
import type { InputDescription } from '../../../network/description.js';
import type { NamedArrays } from '../../../network/parameters.js';
import { countColumns, type LayerColumns } from '../graph/side-by-side.js';
import { valuesOfEntry } from '../../../network/fields/lists.js';
import { placeOf } from '../../../network/fields/piecewise.js';
import { countRows, type InputParts } from './input-parts.js';

/** The layers that read the input, and how they do. */
export interface FirstLevelInput {
  readonly input: InputDescription;
  readonly parts: InputParts;
  /** The layers that read the input, side by side. */
  readonly layers: readonly LayerColumns[];
}

/** The values that a batch brings into the graph (see FirstTerms): flat arrays of [rows, width]. */
export interface Batch {
  readonly dense: Float32Array;
  readonly embedded: Float32Array;
  readonly base: Float32Array;
}

/**
 * Reads rows as the graph takes them: narrow one-hot fields expanded, embeddings looked up, and biases with
 * the weights of wide one-hot fields summed.
 */
export function readBatch(
  { input, parts, layers }: FirstLevelInput,
  data: EncodedRows,
  indices: Uint32Array,
  weights: NamedArrays,
): Batch {
  const rows = indices.length;
  const [denseWidth, embeddedWidth] = [countRows(parts.dense), countRows(parts.embedded)];
  const columns = countColumns(layers);
  const dense = new Float32Array(rows * denseWidth);
  const embedded = new Float32Array(rows * embeddedWidth);
  const base = new Float32Array(rows * columns);
  const first = firstLayers(layers, weights);
  const tables = tablesOf(parts, weights);
  for (let r = 0; r < rows; r++) {
    const index = indices[r]!;
    for (const { bias, column } of first) if (bias !== null) base.set(bias, r * columns + column);
    dense.set(data.numeric.subarray(index * input.numeric, (index + 1) * input.numeric), r * denseWidth);
    for (let f = 0; f < parts.fields.length; f++) {
      const field = parts.fields[f]!;
      const value = data.categorical[index * parts.fields.length + f]!;
      switch (field.kind) {
        case 'expanded':
          dense[r * denseWidth + field.column + value] = 1;
          break;
        case 'gathered':
          for (const one of valuesOfEntry(field, data, value))
            for (const { weight, column, units } of first)
              addRow(base, r * columns + column, weight, (field.row + one.value) * units, units, one.share);
          break;
        case 'placed': {
          const { lower, share } = placeOf(value);
          for (const { weight, column, units } of first) {
            const from = (field.row + lower) * units;
            addRow(base, r * columns + column, weight, from, units, 1 - share);
            addRow(base, r * columns + column, weight, from + units, units, share);
          }
          break;
        }
        case 'embedded': {
          const { width, column } = field;
          for (const one of valuesOfEntry(field, data, value))
            addRow(embedded, r * embeddedWidth + column, tables[f]!, one.value * width, width, one.share);
          break;
        }
      }
    }
  }
  return { dense, embedded, base };
}

/**
 * Adds to `gradients`, by what is outside of the graph: biases, rows of wide one-hot fields, embeddings.
 * `by`: the gradients by what `readBatch` gave.
 */
export function unreadBatch(
  { parts, layers }: FirstLevelInput,
  data: EncodedRows,
  indices: Uint32Array,
  by: Pick<Batch, 'base' | 'embedded'>,
  gradients: NamedArrays,
): void {
  const columns = countColumns(layers);
  const embeddedWidth = countRows(parts.embedded);
  const first = firstLayers(layers, gradients);
  const tables = tablesOf(parts, gradients);
  for (let r = 0; r < indices.length; r++) {
    for (const { bias, column, units } of first)
      if (bias !== null) addRow(bias, 0, by.base, r * columns + column, units);
    for (let f = 0; f < parts.fields.length; f++) {
      const field = parts.fields[f]!;
      const value = data.categorical[indices[r]! * parts.fields.length + f]!;
      switch (field.kind) {
        case 'expanded':
          break;
        case 'gathered':
          for (const one of valuesOfEntry(field, data, value))
            for (const { weight, column, units } of first)
              addRow(
                weight,
                (field.row + one.value) * units,
                by.base,
                r * columns + column,
                units,
                one.share,
              );
          break;
        case 'placed': {
          const { lower, share } = placeOf(value);
          for (const { weight, column, units } of first) {
            const to = (field.row + lower) * units;
            addRow(weight, to, by.base, r * columns + column, units, 1 - share);
            addRow(weight, to + units, by.base, r * columns + column, units, share);
          }
          break;
        }
        case 'embedded': {
          const { width, column } = field;
          for (const one of valuesOfEntry(field, data, value))
            addRow(tables[f]!, one.value * width, by.embedded, r * embeddedWidth + column, width, one.share);
          break;
        }
      }
    }
  }
}

/** Looks up the arrays of the layers that read the input once for all rows. */
function firstLayers(layers: readonly LayerColumns[], named: NamedArrays) {
  return layers.map(({ name, units, column, hasBias }) => ({
    weight: named.get(`${name}.weight`)!.data,
    bias: hasBias ? named.get(`${name}.bias`)!.data : null,
    units,
    column,
  }));
}

/** Looks up the embeddings' tables, by field; null for other fields. */
const tablesOf = ({ fields }: InputParts, named: NamedArrays) =>
  fields.map((field) => (field.kind === 'embedded' ? named.get(field.table)!.data : null));

/** to[…] += factor · from[…]. */
function addRow(
  to: Float32Array,
  toStart: number,
  from: Float32Array,
  fromStart: number,
  width: number,
  factor = 1,
): void {
  for (let c = 0; c < width; c++) to[toStart + c]! += factor * from[fromStart + c]!;
}
