import { defaultEmbedding, defaultSigma, type ScaleParts } from '../../experiment/schema/columns.js';
import type { VocabularyFacts } from '../../shared/run/run-manifest.js';
import { encodingOf } from '../decide/infer.js';
import type { PlannedColumn } from '../decide/plan-columns.js';
import type { Items } from '../duckdb/vector.js';
import { isInteger } from '../duckdb/type-kind.js';
import { byBlock, type RawColumns, type RowsInBlock } from '../gather/selection-rows.js';
import { Texts } from '../texts/texts.js';
import { fitBeside, type TrainingValues } from './numbers/beside.js';
import type { CategoricalColumn, Encoder, NumericColumn } from './encoder.js';
import { cellReader } from './categories/cell-values.js';
import { countSharing, hashOfValues, inHashedForm } from './categories/hashing.js';
import {
  countedInCells,
  countedTogether,
  countedValues,
  Vocabulary,
  type CountedValues,
} from './categories/vocabulary.js';
import { departsFromLine } from './numbers/lack-of-fit.js';
import { fitScale, moments, rangeOf, scalingOf, toSingle, type Numbers } from './numbers/scales.js';
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
 * many numbers, used for every column, so that a table of many columns leaves no garbage behind. With less room,
 * what needs sorted numbers is learned from as many rows as fit, evenly from all.
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
  const step = Math.ceil(trainRows.length / Math.max(1, scratch.length));
  const some = step <= 1 ? trainRows : trainRows.filter((_, i) => i % step === 0);
  const training = {
    places,
    trainRows,
    scratch,
    labels,
    some: { rows: some, places: [...byBlock(blocks, some)] },
  };
  for (const column of columns) {
    switch (column.use) {
      case 'numeric':
        numeric.push(fitNumeric(column, training));
        break;
      case 'categorical': {
        const owner = ownerAmong(columns, column);
        if (owner !== column) {
          categorical.push(sharing(column, owner));
          break;
        }
        const all = columns.filter((one) => one.use === 'categorical' && ownerAmong(columns, one) === column);
        const fitted = fitCategorical(column, () => countedTogether(all.map(countedIn)));
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

  function countedIn(column: PlannedColumn): CountedValues {
    const values = blocks[0]?.texts.get(column.name)?.values ?? Texts.from([]);
    const counts = new Uint32Array(values.length + 1);
    for (const { block, first, from, to } of places)
      countCodes(block.texts.get(column.name)!.codes, trainRows.subarray(from, to), first, counts);
    return countedOf(column, values, counts);
  }
}

/** Counts a column's values. `byCode`: how many training rows have each code; `values`: texts by code, less 1. */
function countedOf(column: PlannedColumn, values: Texts, byCode: Uint32Array): CountedValues {
  if (column.use !== 'categorical') throw new Error(`column "${column.name}" has no values`);
  const { name, type, set, encode } = column;
  if (set !== null) return countedInCells(values, byCode, cellReader(name, type, set));
  const isHashed = typeof encode === 'object' && encode?.hash !== undefined;
  return countedValues(isHashed ? inHashedForm(values, isInteger(type)) : values, byCode);
}

/** Returns the column whose values and embeddings a column has: itself, or the one that it shares. */
function ownerAmong(columns: readonly ScaledColumn[], column: Categorical): Categorical {
  const { shares } = column;
  const owner = columns.find(({ name }) => name.toLowerCase() === shares?.toLowerCase());
  return owner?.use === 'categorical' ? owner : column;
}

/** Returns the column that uses the embeddings of another. */
function sharing(column: Categorical, { name: shares, encode }: Categorical): CategoricalColumn {
  if (encode === null || encode === 'onehot')
    throw new Error(`column "${shares}" has no embeddings to share`);
  const isHashed = encode.hash !== undefined;
  return {
    ...baseOf(column),
    ...{ encode, shares },
    ...(isHashed && { hash: hashOfValues }),
    ...setOf(column, encode),
    values: Texts.from([]),
  };
}

const baseOf = ({ name, type, format }: Categorical) => ({
  ...{ kind: 'categorical' as const, name, type },
  ...(format !== undefined && { format }),
});

/** Returns how a column's several values are told apart and pooled, if it has several. */
const setOf = ({ set }: Categorical, encode: CategoricalColumn['encode']): Pick<CategoricalColumn, 'set'> =>
  set === null ? {} : { set: { ...set, pool: set.pool ?? (encode === 'onehot' ? 'sum' : 'mean') } };

/** The values of a column that are not missing. */
class KnownNumbers implements Numbers {
  /** All of them, in the scratch; null: something else is there. */
  private all: Float64Array | null = null;

  constructor(
    private readonly name: string,
    private readonly training: Training,
  ) {}

  each(use: (values: Float64Array) => void): void {
    const { places, trainRows, scratch } = this.training;
    if (trainRows.length <= scratch.length) {
      this.all ??= this.fill(places, trainRows);
      use(this.all);
      return;
    }
    for (const { block, first, from, to } of places) {
      const values = block.numbers.get(this.name)!;
      for (let at = from; at < to; at += scratch.length) {
        const rows = trainRows.subarray(at, Math.min(to, at + scratch.length));
        use(scratch.subarray(0, keepKnown(values, rows, first, scratch, 0)));
      }
    }
  }

  some(): Float64Array {
    this.all = null;
    const { places, rows } = this.training.some;
    return this.fill(places, rows);
  }

  /** How many there are. */
  get count(): number {
    let count = 0;
    this.each((values) => (count += values.length));
    return count;
  }

  private fill(places: readonly RowsInBlock[], rows: Uint32Array): Float64Array {
    const { scratch } = this.training;
    let count = 0;
    for (const { block, first, from, to } of places)
      count = keepKnown(block.numbers.get(this.name)!, rows.subarray(from, to), first, scratch, count);
    return scratch.subarray(0, count);
  }
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
  /** The rows that all fit into the scratch: all, or some evenly from all. */
  readonly some: { readonly rows: Uint32Array; readonly places: readonly RowsInBlock[] };
}

function fitNumeric({ name, type, format, scale }: Numeric, training: Training): NumericColumn {
  const known = new KnownNumbers(name, training);
  const fill = moments(known).mean;
  const range = rangeOf(known);
  const isWhole = known.count === training.trainRows.length;
  const column = {
    kind: 'numeric' as const,
    name,
    type,
    ...(format !== undefined && { format }),
    scale: fitScale(scale.number, known),
    fill,
  };
  // Scaling may have changed what was there.
  const some = (): TrainingValues => trainingValues(name, known.some(), training);
  const isBeside = scale.beside !== 'nonlinear' || bendsLabels(some(), column.scale);
  const { bins, piecewise, values, periodic: frequencies } = isBeside ? scale : alone;
  const { sigma = defaultSigma, embedding = defaultEmbedding } = scale;
  const periodic = frequencies === undefined ? {} : { periodic: { frequencies, sigma, embedding } };
  const ranged = range === null ? {} : { range };
  if (bins === undefined && piecewise === undefined && values === undefined)
    return { ...column, indicator: !isWhole, ...periodic, ...ranged };
  const beside = fitBeside(scale, some());
  // A bin or piece says that a value is missing, so no other input has to.
  const indicator = !isWhole && bins === undefined && piecewise === undefined;
  return { ...column, indicator, ...periodic, beside, ...ranged };
}

/** What stands beside a number that enters alone. */
const alone: Partial<ScaleParts> = {};

/** Whether a task's labels follow a number otherwise than by a line in the number as it is scaled. */
function bendsLabels(training: TrainingValues, scale: NumericColumn['scale']): boolean {
  const { sorted, values, trainRows, labels } = training;
  return departsFromLine({ numbers: values(), sorted, scaled: scalingOf(scale).scaled }, trainRows, labels);
}

function trainingValues(
  name: string,
  known: Float64Array,
  { labels, some: { rows, places } }: Training,
): TrainingValues {
  const values = (): Float64Array => {
    const all = new Float64Array(rows.length);
    for (const { block, first, from, to } of places) {
      const numbers = block.numbers.get(name)!;
      for (let i = from; i < to; i++) all[i] = toSingle(numbers[rows[i]! - first]!);
    }
    return all;
  };
  return { sorted: known.sort(), values, trainRows: rows, labels };
}

type Categorical = Extract<PlannedColumn, { use: 'categorical' }>;

/** Learns how to encode a categorical column from its values, and those of columns that use its embeddings. */
function fitCategorical(
  planned: Categorical,
  counted: () => CountedValues,
): { column: CategoricalColumn; facts: VocabularyFacts | null } {
  const { name, encode, minCount, maxValues } = planned;
  if (encode !== null && encode !== 'onehot' && encode.hash !== undefined) {
    const facts = { name, ...countSharing(counted(), encode.hash), buckets: encode.hash };
    const own = { encode, hash: hashOfValues, ...setOf(planned, encode), values: Texts.from([]) };
    return { column: { ...baseOf(planned), ...own }, facts };
  }
  const vocabulary = new Vocabulary(counted());
  const most = maxValues ?? Infinity;
  const chosen = encode ?? encodingOf(Math.min(most, vocabulary.countFrom(minCount ?? 1)));
  // A value that was seen once teaches an embedding nothing; sharing the unseen index trains that one.
  const least = minCount ?? (chosen === 'onehot' ? 1 : 2);
  const own = { encode: chosen, ...setOf(planned, chosen), values: vocabulary.mostFrequent(least, most) };
  const facts = maxValues === null ? null : { name, ...vocabulary.facts(own.values.length) };
  return { column: { ...baseOf(planned), ...own }, facts };
}
