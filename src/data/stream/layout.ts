import * as v from 'valibot';
import type { EncodedRows } from '../../network/encoded-rows.js';
import {
  leakSchema,
  labelCountsSchema,
  outsideOfPartSchema,
  vocabularySchema,
} from '../../shared/run/run-manifest.js';
import { columnUses } from '../decide/plan-columns.js';
import type { BlockInFile } from './verification.js';
import { encoderSchema, countFields, numericNames, type Encoder } from '../encode/encoder.js';

/**
 * A file of streamed rows (docs/formats.md, "Streamed rows"): 64 bytes of head, blocks of rows, a footer in JSON.
 * A block has its rows' arrays one after the other, as they would lie in memory: numeric, categorical, labels,
 * targets, weights.
 */
export const mark = 'MMOESTRM';
export const fileVersion = 1;
export const headBytes = 64;
/** About so many bytes are a block. */
const blockBytes = 2 ** 18;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const partSchema = v.object({
  rows: count,
  weighted: v.boolean(),
  taught: v.boolean(),
  /** By block: where it begins. */
  offsets: v.array(count),
  /** By block: the CRC-32 of its bytes. */
  checksums: v.array(count),
});
export type PartInFile = v.InferOutput<typeof partSchema>;

const sourceSchema = v.object({
  path: v.string(),
  bytes: count,
  modified: v.number(),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

export const footerSchema = v.object({
  format: v.literal(fileVersion),
  source: v.string(),
  /** The files that the rows come from; absent: they changed while they were read. */
  sources: v.optional(v.array(sourceSchema)),
  fingerprint: v.string(),
  encoder: encoderSchema,
  outside: v.array(outsideOfPartSchema),
  vocabularies: v.array(vocabularySchema),
  warnings: v.array(v.string()),
  columns: v.array(
    v.object({ name: v.string(), type: v.string(), use: v.picklist(columnUses), why: v.string() }),
  ),
  labels: v.array(labelCountsSchema),
  leaks: v.array(leakSchema),
  sharedIds: v.array(v.string()),
  /** Each block has so many rows, but the last of a part. */
  blockRows: v.pipe(count, v.minValue(1)),
  train: partSchema,
  validation: v.nullable(partSchema),
  test: v.nullable(partSchema),
});
export type Footer = v.InferOutput<typeof footerSchema>;

/** How many values each row has in each array; 0: there is no such array. */
export interface RowShape {
  readonly numeric: number;
  readonly categorical: number;
  readonly labels: number;
  readonly targets: number;
  readonly weights: number;
}

export function shapeOf(
  encoder: Encoder,
  { weighted, taught }: { readonly weighted: boolean; readonly taught: boolean },
): RowShape {
  const tasks = encoder.tasks.length;
  return {
    numeric: numericNames(encoder).length,
    categorical: countFields(encoder),
    labels: tasks,
    targets: taught ? tasks : 0,
    weights: weighted ? 1 : 0,
  };
}

/** Returns the bytes of a row. */
export const rowBytesOf = ({ numeric, categorical, labels, targets, weights }: RowShape): number =>
  4 * (numeric + categorical + labels + targets + weights);

/** Returns the blocks of all parts of a file. */
export function blocksOf(footer: Footer): BlockInFile[] {
  const { blockRows, encoder, train, validation, test } = footer;
  const named = [
    ['the training rows', train],
    ['the validation rows', validation],
    ['the test rows', test],
  ] as const;
  return named.flatMap(([part, its]) => {
    if (its === null) return [];
    const rowBytes = rowBytesOf(shapeOf(encoder, its));
    return its.offsets.map((offset, block) => ({
      part,
      offset,
      bytes: rowBytes * Math.min(blockRows, its.rows - block * blockRows),
      checksum: its.checksums[block]!,
    }));
  });
}

/** Returns how many rows a block of rows of so many bytes has. */
export const blockRowsOf = (rowBytes: number): number => Math.max(1, Math.floor(blockBytes / rowBytes));

type Values = Float32Array | Int32Array;

/** Returns the arrays of rows in the order in which a block has them, each with its values by row. */
export function arraysOf(
  { numeric, categorical, labels, targets, weights }: EncodedRows,
  shape: RowShape,
): { readonly values: Values; readonly width: number }[] {
  const all: readonly (readonly [Values | null | undefined, number])[] = [
    [numeric, shape.numeric],
    [categorical, shape.categorical],
    [labels, shape.labels],
    [targets, shape.targets],
    [weights, shape.weights],
  ];
  return all.flatMap(([values, width]) =>
    values === null || values === undefined || width === 0 ? [] : [{ values, width }],
  );
}

/** Returns the bytes of some of an array's rows. */
export const bytesOf = (
  { values, width }: { readonly values: Values; readonly width: number },
  first: number,
  rows: number,
): Uint8Array => new Uint8Array(values.buffer, values.byteOffset + 4 * width * first, 4 * width * rows);
