import { encodingOf, type PlannedColumn, type ScaleName } from '../decide/columns.js';
import type { CategoricalColumn, Encoder, NumericColumn, Scale } from './encoder.js';
import { byBlock, type RawColumns, type RawTexts } from '../read/raw-columns.js';
import type { Items } from '../duckdb/vector.js';

/**
 * Learns how to encode each planned column, from the training rows only (ascending). `scratch`: room for as
 * many numbers, so that a table of many columns leaves nothing behind.
 */
export function fitColumns(
  columns: readonly PlannedColumn[],
  blocks: readonly RawColumns[],
  trainRows: Uint32Array,
  scratch: Float64Array,
): Pick<Encoder, 'numeric' | 'categorical'> {
  const numeric: NumericColumn[] = [];
  const categorical: CategoricalColumn[] = [];
  const places = [...byBlock(blocks, trainRows)];
  for (const column of columns) {
    if (column.use === 'numeric') {
      let count = 0;
      for (const { block, first, from, to } of places)
        count = keepKnown(
          block.numbers.get(column.name)!,
          trainRows.subarray(from, to),
          first,
          scratch,
          count,
        );
      numeric.push(fitNumeric(column, scratch.subarray(0, count), trainRows.length));
    } else if (column.use === 'categorical') {
      const values = blocks[0]?.texts.get(column.name)?.values ?? [];
      const counts = new Uint32Array(values.length + 1);
      for (const { block, first, from, to } of places)
        countCodes(block.texts.get(column.name)!.codes, trainRows.subarray(from, to), first, counts);
      categorical.push(fitCategorical(column, counts, values));
    }
  }
  return { numeric, categorical };
}

/**
 * Appends the known ones of the values at `rows`, of which `first` is the first in `values`; returns how many
 * there are now.
 */
function keepKnown(
  values: Items,
  rows: Uint32Array,
  first: number,
  known: Float64Array,
  count: number,
): number {
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]! - first]!;
    if (!Number.isNaN(value)) known[count++] = toSingle(value);
  }
  return count;
}

function countCodes(codes: Items, rows: Uint32Array, first: number, counts: Uint32Array): void {
  for (let i = 0; i < rows.length; i++) counts[codes[rows[i]! - first]!]!++;
}

type Numeric = Extract<PlannedColumn, { use: 'numeric' }>;

/** `known`: the values that are there, of so many rows. */
function fitNumeric({ name, type, scale }: Numeric, known: Float64Array, rows: number): NumericColumn {
  const fill = moments(known).mean;
  return { kind: 'numeric', name, type, scale: fitScale(scale, known), fill, indicator: known.length < rows };
}

/** Changes the values, or their order. */
function fitScale(scale: ScaleName, values: Float64Array): Scale {
  switch (scale) {
    case 'none':
      return { kind: 'none' };
    case 'standard':
      return { kind: 'standard', ...moments(values) };
    case 'log':
      values.forEach((value, i) => (values[i] = signedLog(value)));
      return { kind: 'log', ...moments(values) };
    case 'minmax': {
      const [low, high] = values.length === 0 ? [0, 1] : [minimum(values), maximum(values)];
      return { kind: 'minmax', low, high };
    }
    case 'quantile':
      return { kind: 'quantile', quantiles: quantiles(values.sort()) };
  }
}

/**
 * Within single precision, which is all that an engine has: sums and differences of such numbers stay finite
 * in double. No −0, which JSON loses.
 */
export const toSingle = (value: number): number =>
  Math.max(-largestSingle, Math.min(largestSingle, value)) + 0;
export const largestSingle = 3.4e38;

/** Logarithm of 1 + |x| with the sign of x: defined everywhere, linear near 0. */
export const signedLog = (value: number): number => Math.sign(value) * Math.log1p(Math.abs(value));

/** Mean and standard deviation (of the population); 0 and 1 of nothing, and 1 where all values are equal. */
export function moments(values: Float64Array): { mean: number; deviation: number } {
  if (values.length === 0) return { mean: 0, deviation: 1 };
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length + 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  const deviation = Math.sqrt(squares / values.length);
  return { mean, deviation: deviation > 0 ? deviation : 1 };
}

const minimum = (values: Float64Array): number =>
  values.reduce((least, value) => Math.min(least, value), Infinity);
const maximum = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, value), -Infinity);

/** Up to 1001 of the sorted values, at equal shares; at least two. */
function quantiles(sorted: Float64Array): number[] {
  if (sorted.length === 0) return [0, 1];
  const steps = Math.max(1, Math.min(1000, sorted.length - 1));
  return Array.from({ length: steps + 1 }, (_, i) => sorted[Math.round((i * (sorted.length - 1)) / steps)]!);
}

type Categorical = Extract<PlannedColumn, { use: 'categorical' }>;

/** `byCode`: how many rows have each code; `values`: texts by code, less 1. */
function fitCategorical(
  { name, type, encode, minCount }: Categorical,
  byCode: Uint32Array,
  values: RawTexts['values'],
): CategoricalColumn {
  const counts = new Map<string, number>();
  values.forEach((value, i) => {
    const rows = byCode[i + 1]!;
    if (value !== null && rows > 0) counts.set(value, (counts.get(value) ?? 0) + rows);
  });
  const kept = (least: number): string[] =>
    [...counts]
      .filter(([, rows]) => rows >= least)
      .sort(([one, rows], [other, others]) => others - rows || (one < other ? -1 : 1))
      .map(([value]) => value);
  const chosen = encode ?? encodingOf(kept(minCount ?? 1).length);
  // What was seen once teaches an embedding nothing; sharing the unseen index trains that one.
  return {
    kind: 'categorical',
    name,
    type,
    encode: chosen,
    values: kept(minCount ?? (chosen === 'onehot' ? 1 : 2)),
  };
}
