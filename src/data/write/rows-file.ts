import { fstatSync, readSync, writeSync } from 'node:fs';
import * as v from 'valibot';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { outsideOfPartSchema, vocabularySchema } from '../../shared/run/run-manifest.js';
import { emptyRows } from '../encode/empty-rows.js';
import { encoderSchema, inputOf, jsonPieces, type Encoder } from '../encode/encoder.js';
import type { HeldData, PreparedData } from '../prepared.js';
import { dataInFile } from '../stream/data-in-file.js';

/**
 * A file of prepared data lets several processes of one machine read the rows that one of them has encoded.
 * It has 8 bytes of mark, 8 bytes of header length, the header (JSON), then the arrays of train, validation
 * and test as they lie in memory: numeric, categorical, labels, targets, weights, lists. Their lengths follow from the
 * header.
 */

const mark = 'MMOEROWS';
const prefixBytes = 16;
/** The maximum number of bytes of one call, which must stay below 2 GiB. */
const chunkBytes = 1 << 28;

const partSchema = v.object({
  rows: v.pipe(v.number(), v.integer(), v.minValue(0)),
  weighted: v.boolean(),
  taught: v.boolean(),
  /** Integers of the lists of fields with several values; absent: there is no such field. */
  lists: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

const headerSchema = v.object({
  format: v.literal(1),
  source: v.string(),
  fingerprint: v.string(),
  outside: v.array(outsideOfPartSchema),
  vocabularies: v.array(vocabularySchema),
  warnings: v.array(v.string()),
  encoder: encoderSchema,
  train: partSchema,
  validation: v.nullable(partSchema),
  test: v.nullable(partSchema),
});
type Header = v.InferOutput<typeof headerSchema>;
type Part = v.InferOutput<typeof partSchema>;

/**
 * Writes prepared data to an open, empty file, from its start. Throws the file system's errors, such as
 * ENOSPC.
 */
export function writePreparedData(file: number, data: HeldData): void {
  const { source, fingerprint, outside, vocabularies, warnings, encoder, train, validation, test } = data;
  const partOf = ({ rows, weights, targets, lists }: EncodedRows): Part => ({
    rows,
    ...(lists !== undefined && { lists: lists.length }),
    weighted: weights !== null,
    taught: targets !== undefined,
  });
  const header: Header = {
    format: 1,
    source,
    fingerprint,
    outside: [...outside],
    vocabularies: [...vocabularies],
    warnings: [...warnings],
    encoder,
    train: partOf(train),
    validation: validation && partOf(validation),
    test: test && partOf(test),
  };
  const text = Buffer.concat(Array.from(jsonPieces(header), (piece) => Buffer.from(piece)));
  const prefix = Buffer.alloc(prefixBytes);
  prefix.write(mark, 'latin1');
  prefix.writeBigUInt64LE(BigInt(text.length), mark.length);
  let at = 0;
  const append = (bytes: Uint8Array): void => {
    for (let done = 0; done < bytes.length;) {
      const count = writeSync(file, bytes, done, Math.min(chunkBytes, bytes.length - done), at);
      done += count;
      at += count;
    }
  };
  append(prefix);
  append(text);
  for (const part of [train, validation, test]) {
    if (part === null) continue;
    for (const array of arraysOf(part)) append(bytesOf(array));
  }
}

/**
 * Reads a file that `writePreparedData` has written, or goes on with one of streamed rows, which stays open; other
 * readers may share it. Throws if it is not whole.
 */
export function readPreparedData(file: number, window?: number): PreparedData {
  const streamed = dataInFile(file, { window });
  return streamed ?? readHeldData(file);
}

function readHeldData(file: number): PreparedData {
  let at = 0;
  const fill = (bytes: Uint8Array): void => {
    for (let done = 0; done < bytes.length;) {
      const count = readSync(file, bytes, done, Math.min(chunkBytes, bytes.length - done), at);
      if (count === 0) throw new Error('the file of encoded rows is cut short');
      done += count;
      at += count;
    }
  };
  const prefix = Buffer.alloc(prefixBytes);
  fill(prefix);
  const { size } = fstatSync(file);
  const headerBytes = Number(prefix.readBigUInt64LE(mark.length));
  if (prefix.toString('latin1', 0, mark.length) !== mark || headerBytes > size)
    throw new Error('this is no file of encoded rows');
  const text = Buffer.alloc(headerBytes);
  fill(text);
  const { source, fingerprint, outside, vocabularies, warnings, encoder, ...parts } = v.parse(
    headerSchema,
    JSON.parse(text.toString('utf8')),
  );
  const shape = shapeOf(encoder);
  const wanted = [parts.train, parts.validation, parts.test].reduce(
    (sum, part) => sum + (part === null ? 0 : bytesOfPart(part, shape)),
    at,
  );
  // Checked before anything is allocated for the rows.
  if (size !== wanted) throw new Error(`the file of encoded rows has ${size} bytes instead of ${wanted}`);
  const present = [parts.train, parts.validation, parts.test].filter((part) => part !== null);
  const read = emptyRows(encoder, present).values();
  let done = 0;
  const readPart = (): EncodedRows => {
    const part = read.next().value!;
    for (const array of arraysOf(part)) fill(bytesOf(array));
    const length = present[done++]!.lists;
    if (length === undefined) return part;
    const lists = new Int32Array(length);
    fill(bytesOf(lists));
    return { ...part, lists };
  };
  const train = readPart();
  const validation = parts.validation && readPart();
  const test = parts.test && readPart();
  return {
    source,
    fingerprint,
    outside,
    vocabularies,
    warnings,
    encoder,
    input: inputOf(encoder),
    tasks: encoder.tasks,
    train,
    validation,
    test,
    stream: null,
  };
}

interface Shape {
  readonly numeric: number;
  readonly categorical: number;
  readonly labels: number;
}

function shapeOf(encoder: Encoder): Shape {
  const { numeric, fields } = inputOf(encoder);
  return { numeric, categorical: fields.length, labels: encoder.tasks.length };
}

const bytesOfPart = (
  { rows, weighted, taught, lists = 0 }: Part,
  { numeric, categorical, labels }: Shape,
): number => 4 * (rows * (numeric + categorical + labels * (taught ? 2 : 1) + (weighted ? 1 : 0)) + lists);

/** Returns a part's arrays in their order in the file. */
const arraysOf = ({ numeric, categorical, labels, targets, weights, lists }: EncodedRows) =>
  [numeric, categorical, labels, targets ?? null, weights, lists ?? null].filter((array) => array !== null);

const bytesOf = (array: Float32Array | Int32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
