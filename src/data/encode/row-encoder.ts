import { numericNames, type Encoder, type NumericColumn, type Scale } from './encoder.js';
import { largestSingle, signedLog, toSingle } from './fit.js';
import type { RawColumns, RawTexts } from '../read/raw-columns.js';
import type { Items } from '../duckdb/vector.js';

/** Encoded inputs, as EncodedRows has them. */
export interface EncodedInputs {
  /** [rows, numeric inputs], finite. */
  readonly numeric: Float32Array;
  /** [rows, fields], each within its field's size. */
  readonly categorical: Int32Array;
}

/** Encodes rows that share their texts, as often as there are blocks of them. */
export class RowEncoder {
  /** By field: the index of each code. */
  private readonly indices: readonly { readonly name: string; readonly indexByCode: Int32Array }[];
  private readonly width: number;

  /** `texts`: by column and code, less 1. Throws where a column is absent. */
  constructor(
    private readonly encoder: Pick<Encoder, 'numeric' | 'categorical'>,
    texts: ReadonlyMap<string, Pick<RawTexts, 'values'>>,
  ) {
    this.width = numericNames(encoder).length;
    this.indices = encoder.categorical.map((column) => {
      const known = texts.get(column.name);
      if (known === undefined) throw new Error(`no texts for column "${column.name}"`);
      const indexByText = new Map(column.values.map((value, i) => [value, i + 1]));
      const indexByCode = new Int32Array(known.values.length + 1);
      known.values.forEach(
        (value, i) => (indexByCode[i + 1] = value === null ? 0 : (indexByText.get(value) ?? 0)),
      );
      return { name: column.name, indexByCode };
    });
  }

  /**
   * Encodes the rows at `rows` of raw columns, which are found by name, into `inputs` from its row `at` on.
   * Throws where one is absent.
   */
  encode(raw: RawColumns, rows: Uint32Array, { numeric, categorical }: EncodedInputs, at = 0): void {
    const { width } = this;
    let input = 0;
    for (const column of this.encoder.numeric) {
      const values = raw.numbers.get(column.name);
      if (values === undefined) throw new Error(`no numbers for column "${column.name}"`);
      encodeNumeric(column, values, rows, numeric, at * width + input, width);
      input += column.indicator ? 2 : 1;
    }
    this.encodeCategorical(raw, rows, categorical, at);
  }

  private encodeCategorical(raw: RawColumns, rows: Uint32Array, out: Int32Array, at: number): void {
    const fields = this.indices.length;
    const columns = this.indices.map(({ name, indexByCode }) => {
      const texts = raw.texts.get(name);
      if (texts === undefined) throw new Error(`no texts for column "${name}"`);
      return { codes: texts.codes, indexByCode };
    });
    // Few rows at a time, so that those that are written stay in cache while all fields pass over them.
    for (let from = 0; from < rows.length; from += rowsInCache) {
      const some = rows.subarray(from, from + rowsInCache);
      columns.forEach(({ codes, indexByCode }, field) =>
        writeField(codes, indexByCode, some, out, (at + from) * fields + field, fields),
      );
    }
  }
}

/** Room for encoded inputs. */
export const emptyInputs = (encoder: Encoder, rows: number): EncodedInputs => ({
  numeric: new Float32Array(rows * numericNames(encoder).length),
  categorical: new Int32Array(rows * encoder.categorical.length),
});

const rowsInCache = 256;

function writeField(
  codes: Items,
  indexByCode: Int32Array,
  rows: Uint32Array,
  out: Int32Array,
  at: number,
  fields: number,
): void {
  for (let i = 0, to = at; i < rows.length; i++, to += fields) out[to] = indexByCode[codes[rows[i]!]!]!;
}

function encodeNumeric(
  column: NumericColumn,
  values: Items,
  rows: Uint32Array,
  out: Float32Array,
  at: number,
  width: number,
): void {
  const { logarithm, quantiles, shift, divisor } = stepsOf(column.scale);
  const scaled = (value: number): number => {
    const stretched = logarithm ? signedLog(value) : value;
    return quantiles === null ? (stretched - shift) / divisor : shareBelow(quantiles, value);
  };
  const fill = toSingle(scaled(column.fill));
  const plain = !logarithm && quantiles === null;
  for (let i = 0, to = at; i < rows.length; i++, to += width) {
    const value = values[rows[i]!]!;
    if (Number.isNaN(value)) {
      out[to] = fill;
      if (column.indicator) out[to + 1] = 1;
    } else {
      const single = Math.max(-largestSingle, Math.min(largestSingle, value)) + 0;
      // Not by the function where there is no need: what it is given and returns would each be an object.
      const number = plain ? (single - shift) / divisor : scaled(single);
      out[to] = Math.max(-largestSingle, Math.min(largestSingle, number)) + 0;
    }
  }
}

/** (f(x) − shift) / divisor, where f is the logarithm or nothing; or the place between quantiles. */
interface Steps {
  readonly logarithm: boolean;
  readonly quantiles: readonly number[] | null;
  readonly shift: number;
  readonly divisor: number;
}

function stepsOf(scale: Scale): Steps {
  const none = { logarithm: false, quantiles: null, shift: 0, divisor: 1 };
  switch (scale.kind) {
    case 'none':
      return none;
    case 'standard':
      return { ...none, shift: scale.mean, divisor: scale.deviation };
    case 'log':
      return { ...none, logarithm: true, shift: scale.mean, divisor: scale.deviation };
    case 'minmax':
      return { ...none, shift: scale.low, divisor: scale.high > scale.low ? scale.high - scale.low : 1 };
    case 'quantile':
      return { ...none, quantiles: scale.quantiles };
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
