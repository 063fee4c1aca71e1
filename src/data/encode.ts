import { numericNames, type Encoder, type NumericColumn, type Scale } from './encoder.js';
import { signedLog, toSingle } from './fit.js';
import type { RawColumns } from './raw.js';
import type { Items } from './vector.js';

/** Encoded inputs, as EncodedRows has them. */
export interface EncodedInputs {
  /** [rows, numeric inputs], finite. */
  readonly numeric: Float32Array;
  /** [rows, fields], each within its field's size. */
  readonly categorical: Int32Array;
}

/** Encodes the rows at `rows` of raw columns, which are found by name, into `inputs`. Throws where one is absent. */
export function encodeColumns(
  encoder: Encoder,
  raw: RawColumns,
  rows: Uint32Array,
  inputs = emptyInputs(encoder, rows.length),
): EncodedInputs {
  const { numeric, categorical } = inputs;
  const width = numericNames(encoder).length;
  let at = 0;
  for (const column of encoder.numeric) {
    const values = raw.numbers.get(column.name);
    if (values === undefined) throw new Error(`no numbers for column "${column.name}"`);
    encodeNumeric(column, values, rows, numeric, at, width);
    at += column.indicator ? 2 : 1;
  }
  encodeCategorical(encoder, raw, rows, categorical);
  return inputs;
}

function emptyInputs(encoder: Encoder, rows: number): EncodedInputs {
  return {
    numeric: new Float32Array(rows * numericNames(encoder).length),
    categorical: new Int32Array(rows * encoder.categorical.length),
  };
}

function encodeCategorical(encoder: Encoder, raw: RawColumns, rows: Uint32Array, out: Int32Array): void {
  const fields = encoder.categorical.length;
  const columns = encoder.categorical.map((column) => {
    const texts = raw.texts.get(column.name);
    if (texts === undefined) throw new Error(`no texts for column "${column.name}"`);
    const indexByText = new Map(column.values.map((value, i) => [value, i + 1]));
    const indexByCode = new Int32Array(texts.values.length + 1);
    texts.values.forEach((value, i) => (indexByCode[i + 1] = value === null ? 0 : (indexByText.get(value) ?? 0)));
    return { codes: texts.codes, indexByCode };
  });
  // Block by block, so that the rows that are written stay in cache while all fields pass over them.
  for (let from = 0; from < rows.length; from += blockRows) {
    const block = rows.subarray(from, from + blockRows);
    columns.forEach(({ codes, indexByCode }, field) => writeField(codes, indexByCode, block, out, from * fields + field, fields));
  }
}

const blockRows = 256;

function writeField(codes: Items, indexByCode: Int32Array, rows: Uint32Array, out: Int32Array, at: number, fields: number): void {
  for (let i = 0, to = at; i < rows.length; i++, to += fields) out[to] = indexByCode[codes[rows[i]!]!]!;
}

function encodeNumeric(column: NumericColumn, values: Items, rows: Uint32Array, out: Float32Array, at: number, width: number): void {
  const scaled = scaler(column.scale);
  const fill = toSingle(scaled(column.fill));
  for (let i = 0, to = at; i < rows.length; i++, to += width) {
    const value = values[rows[i]!]!;
    const missing = Number.isNaN(value);
    out[to] = missing ? fill : toSingle(scaled(toSingle(value)));
    if (column.indicator && missing) out[to + 1] = 1;
  }
}

function scaler(scale: Scale): (value: number) => number {
  switch (scale.kind) {
    case 'none':
      return (value) => value;
    case 'standard':
      return (value) => (value - scale.mean) / scale.deviation;
    case 'log':
      return (value) => (signedLog(value) - scale.mean) / scale.deviation;
    case 'minmax': {
      const range = scale.high > scale.low ? scale.high - scale.low : 1;
      return (value) => (value - scale.low) / range;
    }
    case 'quantile':
      return (value) => shareBelow(scale.quantiles, value);
  }
}

/** 0 … 1: where a value lies between ascending quantiles; of equal ones, the middle. */
function shareBelow(quantiles: readonly number[], value: number): number {
  const first = firstIndex(quantiles, (quantile) => quantile >= value);
  const after = firstIndex(quantiles, (quantile) => quantile > value);
  const steps = quantiles.length - 1;
  if (first < after) return (first + after - 1) / 2 / steps;
  if (first === 0) return 0;
  if (first === quantiles.length) return 1;
  const low = quantiles[first - 1]!;
  const high = quantiles[first]!;
  return (first - 1 + (value - low) / (high - low)) / steps;
}

/** The first index for which a condition, once true and then always, is true; the length if none. */
function firstIndex(values: readonly number[], isTrue: (value: number) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isTrue(values[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
