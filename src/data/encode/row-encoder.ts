import type { Items } from '../duckdb/vector.js';
import type { Columns, RawColumns, RawTexts } from '../gather/selection-rows.js';
import {
  countFields,
  fieldsBeside,
  numericNames,
  ownerOf,
  type CategoricalColumn,
  type Encoder,
  type NumericColumn,
} from './encoder.js';
import { indexBeside } from './numbers/beside.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import type { Lists } from '../../network/fields/lists.js';
import { CellLists } from './categories/cells.js';
import { bucketByCode } from './categories/hashing.js';
import { indexByCode } from './categories/match-texts.js';
import { largestInput, largestSingle, scalingOf } from './numbers/scales.js';

/** Encoded inputs, as EncodedRows has them. */
export interface EncodedInputs {
  /** [rows, numeric inputs], finite. */
  readonly numeric: Float32Array;
  /** [rows, fields], each within its field's size. */
  readonly categorical: Int32Array;
}

/** Encodes rows that share their texts, block by block. */
export class RowEncoder {
  /** The index of each code, by field. */
  private readonly indices: readonly { readonly name: string; readonly indexByCode: Int32Array }[];
  /** The lists of columns with several values; undefined: there is no such column. */
  readonly lists: Lists | undefined;
  private readonly width: number;
  private readonly fields: number;
  private readonly beside: readonly { readonly column: string; readonly index: (value: number) => number }[];

  /**
   * Takes the texts by column and code, less 1. Throws where a column is absent, and an InputError where one of
   * another type has no known value.
   */
  constructor(
    private readonly encoder: Pick<Encoder, 'numeric' | 'categorical'>,
    texts: Columns<Pick<RawTexts, 'values' | 'type'>>,
  ) {
    this.width = numericNames(encoder).length;
    this.fields = countFields(encoder);
    this.beside = fieldsBeside(encoder).map(({ column, field }) => ({ column, index: indexBeside(field) }));
    const lists = new CellLists();
    this.indices = encoder.categorical.map((column) => {
      const known = texts.get(column.name);
      if (known === undefined) throw new Error(`no texts for column "${column.name}"`);
      return { name: column.name, indexByCode: indicesOf(column, ownerOf(encoder, column), known, lists) };
    });
    this.lists = encoder.categorical.some(({ set }) => set !== undefined) ? lists.build() : undefined;
  }

  /**
   * Encodes the rows at `rows` of raw columns, found by name, into `inputs`, beginning at its row `at`.
   * Throws where a column is absent.
   */
  encode(raw: RawColumns, rows: Uint32Array, { numeric, categorical }: EncodedInputs, at = 0): void {
    const { width } = this;
    let input = 0;
    for (const column of this.encoder.numeric) {
      encodeNumeric(column, numbersOf(raw, column.name), rows, numeric, at * width + input, width);
      input += column.indicator ? 2 : 1;
    }
    this.encodeCategorical(raw, rows, categorical, at);
    this.encodeBeside(raw, rows, categorical, at);
  }

  private encodeCategorical(raw: RawColumns, rows: Uint32Array, out: Int32Array, at: number): void {
    const { fields } = this;
    const columns = this.indices.map(({ name, indexByCode }) => {
      const texts = raw.texts.get(name);
      if (texts === undefined) throw new Error(`no texts for column "${name}"`);
      return { codes: texts.codes, indexByCode };
    });
    // Few rows are written at a time, so that they stay in the cache while all fields pass over them.
    for (let from = 0; from < rows.length; from += rowsInCache) {
      const some = rows.subarray(from, from + rowsInCache);
      columns.forEach(({ codes, indexByCode }, field) =>
        writeField(codes, indexByCode, some, out, (at + from) * fields + field, fields),
      );
    }
  }

  private encodeBeside(raw: RawColumns, rows: Uint32Array, out: Int32Array, at: number): void {
    const { fields } = this;
    this.beside.forEach(({ column, index }, i) => {
      const values = numbersOf(raw, column);
      let to = at * fields + this.indices.length + i;
      for (let r = 0; r < rows.length; r++, to += fields) out[to] = index(values[rows[r]!]!);
    });
  }
}

/** Returns the index of each code of a column's texts, or the entry of its list. `owner`: whose values it has. */
function indicesOf(
  column: CategoricalColumn,
  owner: CategoricalColumn,
  texts: Pick<RawTexts, 'values' | 'type'>,
  lists: CellLists,
): Int32Array {
  const { encode, set } = column;
  if (set !== undefined) return lists.entriesByCode({ ...column, set }, owner, texts);
  return typeof encode === 'object' && encode.hash !== undefined
    ? bucketByCode(column, encode.hash, texts)
    : indexByCode({ ...column, values: owner.values }, texts);
}

/** Returns a column's numbers. Throws where it is absent. */
function numbersOf(raw: RawColumns, column: string): Items {
  const values = raw.numbers.get(column);
  if (values === undefined) throw new Error(`no numbers for column "${column}"`);
  return values;
}

/** Makes room for encoded inputs. */
export const emptyInputs = (encoder: Encoder, rows: number): EncodedInputs => ({
  numeric: new Float32Array(rows * numericNames(encoder).length),
  categorical: new Int32Array(rows * countFields(encoder)),
});

/** Returns the lists that encoded rows need beside them, if any. */
export const withLists = ({ lists }: RowEncoder): Pick<EncodedRows, 'lists'> =>
  lists === undefined ? {} : { lists };

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
  const { linear, scaled } = scalingOf(column.scale);
  const fill = Math.max(-largestInput, Math.min(largestInput, scaled(column.fill))) + 0;
  const isLinear = linear !== null;
  const { shift, divisor } = linear ?? { shift: 0, divisor: 1 };
  for (let i = 0, to = at; i < rows.length; i++, to += width) {
    const value = values[rows[i]!]!;
    if (Number.isNaN(value)) {
      out[to] = fill;
      if (column.indicator) out[to + 1] = 1;
    } else {
      // Computed here where possible: numbers that pass through a function would each be an object.
      const single = Math.max(-largestSingle, Math.min(largestSingle, value)) + 0;
      const number = isLinear ? (single - shift) / divisor : scaled(single);
      out[to] = Math.max(-largestInput, Math.min(largestInput, number)) + 0;
    }
  }
}
