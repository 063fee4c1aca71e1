import * as v from 'valibot';
import type { InputDescription, PeriodicDescription } from '../../network/description.js';
import { fieldWidth } from '../../network/widths.js';
import { taskKinds } from '../../shared/task-kinds.js';
import { columnTypeSchema } from '../duckdb/column-type.js';
import { Texts } from '../texts/texts.js';

/** The run folder's encoder.json says how each column becomes numbers, by column name. It is plain data. */

const scaleSchema = v.variant('kind', [
  /** `standard` is (value − mean) / deviation. */
  v.object({ kind: v.literal('standard'), mean: v.number(), deviation: v.number() }),
  /** `minmax` is (value − low) / (high − low). */
  v.object({ kind: v.literal('minmax'), low: v.number(), high: v.number() }),
  /** `log` is (sign(value) · log(1 + |value|) − mean) / deviation. */
  v.object({ kind: v.literal('log'), mean: v.number(), deviation: v.number() }),
  /**
   * `quantile` is the share of training values at or below, between ascending quantiles at equal distances.
   */
  v.object({ kind: v.literal('quantile'), quantiles: v.array(v.number()) }),
  /** `robust` is z / √(1 + (z / 3)²) with z = (value − median) / spread. */
  v.object({ kind: v.literal('robust'), median: v.number(), spread: v.number() }),
  v.object({ kind: v.literal('none') }),
]);

const rangeSchema = v.object({ low: v.number(), high: v.number() });

/** A field beside a number; its index, or lower column, 0 is for a missing value. */
const besideSchema = v.variant('kind', [
  /** `bins` has 1 plus the number of ascending edges at or below the value. */
  v.object({ kind: v.literal('bins'), edges: v.array(v.number()) }),
  /** `piecewise` lies between the columns 1 … of ascending knots, or on the first or last. */
  v.object({ kind: v.literal('piecewise'), knots: v.array(v.number()) }),
  /** `values` has 1 plus the place among ascending values; 0 also for any other value. */
  v.object({ kind: v.literal('values'), values: v.array(v.number()) }),
]);

const numericSchema = v.object({
  kind: v.literal('numeric'),
  name: v.string(),
  /** DuckDB's type in the training table. */
  type: columnTypeSchema,
  /** How values are written in text files, where DuckDB's own cast does not read them. */
  format: v.optional(v.string()),
  scale: scaleSchema,
  /** The value that stands for a missing one, before scaling: the training rows' mean. */
  fill: v.number(),
  /** Whether a second input says 1 where the value is missing. */
  indicator: v.boolean(),
  /** What the network learns of it beside the scaled number; left out where it learns nothing. */
  periodic: v.optional(v.object({ frequencies: v.number(), sigma: v.number(), embedding: v.number() })),
  /** The fields beside it; left out where there are none. */
  beside: v.optional(v.array(besideSchema)),
  /** The least and the largest of the training rows' values; left out where there are none, and by old versions. */
  range: v.optional(rangeSchema),
});

/** Texts are an array in JSON, and one buffer in memory. */
const textsSchema = v.union([
  v.instance(Texts),
  v.pipe(
    v.array(v.string()),
    v.transform((values) => Texts.from(values)),
  ),
]);

const categoricalSchema = v.object({
  kind: v.literal('categorical'),
  name: v.string(),
  type: columnTypeSchema,
  format: v.optional(v.string()),
  /** `hash`: so many buckets, into which values fall by their hash; their indices are 1 … `hash`. */
  encode: v.union([v.literal('onehot'), v.object({ embedding: v.number(), hash: v.optional(v.number()) })]),
  /** What values are hashed with, as bytes of UTF-8; left out where they are listed. */
  hash: v.optional(v.object({ function: v.literal('murmur3-x86-32'), seed: v.number() })),
  /** The column whose values and embeddings it uses; left out where it has its own. */
  shares: v.optional(v.string()),
  /** What tells several values of a field apart; left out where it has one. */
  set: v.optional(
    v.object({
      /** The sign between values of a text; null: they are a list's. */
      separator: v.nullable(v.string()),
      /** The sign between a value and its weight; left out: all weigh 1. */
      weights: v.optional(v.string()),
      /** What the embeddings or inputs of a field's values become. */
      pool: v.picklist(['mean', 'sum']),
    }),
  ),
  /** The values with index 1 … n; 0 is for values that are missing, unseen or too rare. Empty where they are hashed. */
  values: textsSchema,
});

const taskSchema = v.object({
  name: v.string(),
  kind: v.picklist(taskKinds),
  outputs: v.number(),
  lossWeight: v.number(),
  classes: v.nullable(v.array(v.string())),
  positive: v.nullable(v.number()),
  mean: v.nullable(v.number()),
  sd: v.nullable(v.number()),
  offset: v.number(),
  factor: v.number(),
  /** What a prediction of a regression is limited to, in the label's units; left out: nothing. */
  limits: v.optional(rangeSchema),
});

export const encoderSchema = v.object({
  format: v.literal(1),
  /** The numeric columns, which come first among the inputs; the categorical ones follow. */
  numeric: v.array(numericSchema),
  categorical: v.array(categoricalSchema),
  /** The tasks, so that predictions can be turned back into the labels' own terms. */
  tasks: v.array(taskSchema),
});

export type Encoder = v.InferOutput<typeof encoderSchema>;
export type NumericColumn = v.InferOutput<typeof numericSchema>;
export type CategoricalColumn = v.InferOutput<typeof categoricalSchema>;
export type BesideField = v.InferOutput<typeof besideSchema>;
export type Scale = v.InferOutput<typeof scaleSchema>;

/** Stands for a list of texts while the rest is written; no column's name has such a sign. */
const place = '\0texts ';

/**
 * Yields the JSON of an encoder, or of what holds one, in pieces, so that large vocabularies never are one text.
 * `replacer`: as JSON.stringify takes it.
 */
export function* jsonPieces(
  value: unknown,
  replacer: (key: string, value: unknown) => unknown = (_, own) => own,
): Generator<string, undefined> {
  const lists: Texts[] = [];
  const text = JSON.stringify(value, function (this: unknown, key, own: unknown) {
    const held: unknown = typeof this === 'object' && this !== null ? Reflect.get(this, key) : own;
    return held instanceof Texts ? `${place}${lists.push(held) - 1}\0` : replacer(key, own);
  });
  for (const part of text.split(/"(\\u0000texts \d+)\\u0000"/)) {
    if (part.startsWith('\\u0000texts ')) yield* lists[Number(part.slice('\\u0000texts '.length))]!.json();
    else yield part;
  }
}

/** Returns encoder.json. */
export const encoderBytes = (encoder: Encoder): Buffer =>
  Buffer.concat([...Array.from(jsonPieces(encoder), (piece) => Buffer.from(piece)), Buffer.from('\n')]);

/** Reads encoder.json. Throws for any other text. */
export const parseEncoder = (json: string): Encoder => v.parse(encoderSchema, JSON.parse(json));

/** Returns the shape of the rows that an encoder makes. */
export function inputOf(encoder: Encoder): InputDescription {
  const periodic = periodicOf(encoder);
  return {
    numeric: numericNames(encoder).length,
    fields: [
      ...encoder.categorical.map((column) => ({
        name: column.name,
        size: sizeOfCategorical(ownerOf(encoder, column)),
        encode: column.encode === 'onehot' ? ('onehot' as const) : { embedding: column.encode.embedding },
        ...(column.shares !== undefined && { table: column.shares }),
        ...(column.set !== undefined && { several: true }),
      })),
      ...fieldsBeside(encoder).map(({ name, field }) => ({
        name,
        size: sizeOf(field),
        encode: field.kind === 'piecewise' ? ('piecewise' as const) : ('onehot' as const),
      })),
    ],
    ...(periodic.length > 0 && { periodic }),
  };
}

/** Returns the column whose values a categorical column has: itself, or the one whose embeddings it uses. */
export const ownerOf = (
  { categorical }: Pick<Encoder, 'categorical'>,
  column: CategoricalColumn,
): CategoricalColumn => categorical.find(({ name }) => name === column.shares) ?? column;

/** Returns the number of indices of a categorical column. */
const sizeOfCategorical = ({ values, encode }: Pick<CategoricalColumn, 'values' | 'encode'>): number =>
  1 + (typeof encode === 'object' && encode.hash !== undefined ? encode.hash : values.length);

/** Returns the periodic embeddings of numbers, in the order of their columns. */
function periodicOf(encoder: Pick<Encoder, 'numeric'>): PeriodicDescription[] {
  const inputs = numericInputs(encoder);
  return encoder.numeric.flatMap(({ name, periodic }) => {
    if (periodic === undefined) return [];
    const { frequencies, sigma, embedding } = periodic;
    const column = inputs.findIndex((input) => input.column === name && !input.isMissing);
    return [{ name, column, frequencies, sigma, width: embedding }];
  });
}

/** Returns the number of fields of a row: the categorical columns, and then what stands beside numbers. */
export const countFields = (encoder: Pick<Encoder, 'numeric' | 'categorical'>): number =>
  encoder.categorical.length + fieldsBeside(encoder).length;

/** Returns the fields beside numbers, in order, with their names and columns. */
export const fieldsBeside = (
  encoder: Pick<Encoder, 'numeric'>,
): { name: string; column: string; field: BesideField }[] =>
  encoder.numeric.flatMap(({ name: column, beside = [] }) =>
    beside.map((field) => ({ name: `${column}: ${field.kind}`, column, field })),
  );

/** Returns the number of columns of a field beside a number. */
function sizeOf(field: BesideField): number {
  switch (field.kind) {
    case 'bins':
      return field.edges.length + 2;
    case 'piecewise':
      return field.knots.length + 1;
    case 'values':
      return field.values.length + 1;
  }
}

/** Returns the dense inputs, in order: a column's value, or the sign that it is missing. */
export const numericInputs = (encoder: Pick<Encoder, 'numeric'>): { column: string; isMissing: boolean }[] =>
  encoder.numeric.flatMap(({ name: column, indicator }) =>
    [false, ...(indicator ? [true] : [])].map((isMissing) => ({ column, isMissing })),
  );

/** Returns the names of the dense inputs, in order. */
export const numericNames = (encoder: Pick<Encoder, 'numeric'>): string[] =>
  numericInputs(encoder).map(({ column, isMissing }) => (isMissing ? `${column} is missing` : column));

/**
 * Returns the width of an encoded row: dense inputs, one input for each value of a one-hot field, and the
 * width of each embedding.
 */
export const inputWidth = ({ numeric, fields, periodic = [] }: InputDescription): number =>
  periodic.reduce(
    (sum, { width }) => sum + width,
    fields.reduce((sum, field) => sum + fieldWidth(field), numeric),
  );
