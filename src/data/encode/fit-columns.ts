import { defaultEmbedding, defaultSigma, type ScaleParts } from '../../experiment/schema/columns.js';
import type { VocabularyFacts } from '../../shared/run/run-manifest.js';
import { encodingOf } from '../decide/infer.js';
import type { PlannedColumn } from '../decide/plan-columns.js';
import type { Items } from '../duckdb/vector.js';
import { isInteger } from '../duckdb/type-kind.js';
import { byBlock, type RawColumns, type RowsInBlock } from '../gather/selection-rows.js';
import { Texts } from '../texts/texts.js';
import { fitBeside } from './numbers/beside.js';
import type { BesideField, CategoricalColumn, Encoder, NumericColumn } from './encoder.js';
import { countSharing, hashOfValues, inHashedForm, seenValues } from './categories/hashing.js';
import { vocabularyOf } from './categories/vocabulary.js';
import { fitScale, maximum, minimum, moments, toSingle } from './numbers/scales.js';
import type { LabelsOfRows } from './numbers/target-edges.js';

/** A column as planned, whose scale is known. */
export type ScaledColumn =
  | Exclude<PlannedColumn, { use: 'numeric' }>
  | (Extract<PlannedColumn, { use: 'numeric' }> & { readonly scale: ScaleParts });

/** How columns are encoded, and what became of the values of those that have too many. */
export interface FittedColumns extends Pick<Encoder, 'numeric' | 'categorical'> {
  readonly vocabularies: readonly VocabularyFacts[];
}

/**
 * Learns how to encode each planned column, from the training rows only (ascending). `scratch`: room for as
 * many numbers, used for every column, so that a table of many columns leaves no garbage behind.
 */
export function fitColumns(
  columns: readonly ScaledColumn[],
  blocks: readonly RawColumns[],
  trainRows: Uint32Array,
  scratch: Float64Array,
  labels: readonly LabelsOfRows[],
): FittedColumns {
  const numeric: NumericColumn[] = [];
  const categorical: CategoricalColumn[] = [];
  const vocabularies: VocabularyFacts[] = [];
  const places = [...byBlock(blocks, trainRows)];
  for (const column of columns) {
    switch (column.use) {
      case 'numeric':
        numeric.push(fitNumeric(column, { places, trainRows, scratch, labels }));
        break;
      case 'categorical': {
        const values = blocks[0]?.texts.get(column.name)?.values ?? Texts.from([]);
        const counts = new Uint32Array(values.length + 1);
        for (const { block, first, from, to } of places)
          countCodes(block.texts.get(column.name)!.codes, trainRows.subarray(from, to), first, counts);
        const fitted = fitCategorical(column, counts, values);
        categorical.push(fitted.column);
        if (fitted.facts !== null) vocabularies.push(fitted.facts);
        break;
      }
      case 'ignored':
      case 'label':
      case 'teacher':
      case 'weight':
      case 'split':
    }
  }
  return { numeric, categorical, vocabularies };
}

/** Returns the values of a column that are not missing, in `scratch`. */
function knownNumbers(
  name: string,
  places: readonly RowsInBlock[],
  trainRows: Uint32Array,
  scratch: Float64Array,
): Float64Array {
  let count = 0;
  for (const { block, first, from, to } of places)
    count = keepKnown(block.numbers.get(name)!, trainRows.subarray(from, to), first, scratch, count);
  return scratch.subarray(0, count);
}

/**
 * Appends those of the values at `rows` that are not missing to `known`, which has `count` of them; returns
 * how many there are now. `first`: the number of the first row in `values`.
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

type Numeric = Extract<ScaledColumn, { use: 'numeric' }>;

/** What a numeric column is learned from. */
interface Training {
  readonly places: readonly RowsInBlock[];
  readonly trainRows: Uint32Array;
  readonly scratch: Float64Array;
  readonly labels: readonly LabelsOfRows[];
}

function fitNumeric({ name, type, format, scale }: Numeric, training: Training): NumericColumn {
  const { places, trainRows, scratch } = training;
  const known = knownNumbers(name, places, trainRows, scratch);
  const fill = moments(known).mean;
  const range = rangeOf(known);
  const column = {
    kind: 'numeric' as const,
    name,
    type,
    ...(format !== undefined && { format }),
    scale: fitScale(scale.number, known),
    fill,
  };
  const isWhole = known.length === trainRows.length;
  const { bins, piecewise, values, periodic: frequencies } = scale;
  const { sigma = defaultSigma, embedding = defaultEmbedding } = scale;
  const periodic = frequencies === undefined ? {} : { periodic: { frequencies, sigma, embedding } };
  if (bins === undefined && piecewise === undefined && values === undefined)
    return { ...column, indicator: !isWhole, ...periodic, ...range };
  const beside = fitFields(name, scale, training);
  // A bin or piece says that a value is missing, so no other input has to.
  const indicator = !isWhole && bins === undefined && piecewise === undefined;
  return { ...column, indicator, ...periodic, beside, ...range };
}

function rangeOf(known: Float64Array): Pick<NumericColumn, 'range'> {
  return known.length === 0 ? {} : { range: { low: minimum(known), high: maximum(known) } };
}

function fitFields(
  name: string,
  scale: ScaleParts,
  { places, trainRows, scratch, labels }: Training,
): BesideField[] {
  // Scaling may have changed what was there.
  const sorted = knownNumbers(name, places, trainRows, scratch).sort();
  const values = (): Float64Array => {
    const all = new Float64Array(trainRows.length);
    for (const { block, first, from, to } of places) {
      const numbers = block.numbers.get(name)!;
      for (let i = from; i < to; i++) all[i] = toSingle(numbers[trainRows[i]! - first]!);
    }
    return all;
  };
  return fitBeside(scale, { sorted, values, trainRows, labels });
}

type Categorical = Extract<PlannedColumn, { use: 'categorical' }>;

/**
 * Learns how to encode a categorical column. `byCode`: how many rows have each code; `values`: texts by code,
 * less 1.
 */
function fitCategorical(
  { name, type, format, encode, minCount, maxValues }: Categorical,
  byCode: Uint32Array,
  values: Texts,
): { column: CategoricalColumn; facts: VocabularyFacts | null } {
  const own = { kind: 'categorical' as const, name, type, ...(format !== undefined && { format }) };
  if (encode !== null && encode !== 'onehot' && encode.hash !== undefined) {
    const seen = seenValues(inHashedForm(values, isInteger(type)), byCode);
    const facts = { name, ...countSharing(seen, encode.hash), buckets: encode.hash };
    return { column: { ...own, encode, hash: hashOfValues, values: Texts.from([]) }, facts };
  }
  const vocabulary = vocabularyOf(values, byCode);
  const most = maxValues ?? Infinity;
  const chosen = encode ?? encodingOf(Math.min(most, vocabulary.countFrom(minCount ?? 1)));
  // A value that was seen once teaches an embedding nothing; sharing the unseen index trains that one.
  const least = minCount ?? (chosen === 'onehot' ? 1 : 2);
  const column = { ...own, encode: chosen, values: vocabulary.mostFrequent(least, most) };
  return { column, facts: maxValues === null ? null : { name, ...vocabulary.facts(column.values.length) } };
}
