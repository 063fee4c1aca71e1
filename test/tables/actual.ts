import type { Encoder } from '../../src/data/encode/encoder.js';
import { numericNames } from '../../src/data/encode/encoder.js';
import { encodeSource } from '../../src/data/encode/encode-source.js';
import { inMemory, type PreparedData } from '../../src/data/prepared.js';
import type { EncodedRows } from '../../src/network/encoded-rows.js';
import type { Expected, Feature, PartRows } from './expected/expected.js';
import type { Source } from './written/container.js';

/** Says what the program made of a table as the test says what it expects: inputs by name. */
export function actualOf(data: PreparedData): Expected {
  const { encoder, tasks, train, validation, test } = inMemory(data);
  const part = (rows: EncodedRows | null): PartRows | null => rows && partOf(encoder, rows);
  return {
    features: new Map(
      [...encoder.numeric, ...encoder.categorical].map((column) => [column.name, featureOf(column)]),
    ),
    tasks: tasks.map(({ kind, classes, positive, mean, sd }) => ({ kind, classes, positive, mean, sd })),
    parts: { train: part(train), validation: part(validation), test: part(test) },
  };
}

function featureOf(column: Encoder['numeric'][number] | Encoder['categorical'][number]): Feature {
  switch (column.kind) {
    case 'numeric': {
      const { kind, scale, fill, indicator } = column;
      return { kind, scale, fill, indicator };
    }
    case 'categorical': {
      const { kind, encode, values } = column;
      return { kind, encode, values: [...values].filter((value) => value !== null) };
    }
  }
}

function partOf(encoder: Encoder, rows: EncodedRows): PartRows {
  const tasks = encoder.tasks.length;
  return {
    rows: rows.rows,
    inputs: inputsByName(encoder, rows),
    labels: encoder.tasks.map((_, task) => columnAt(rows.labels, task, tasks)),
    weights: rows.weights === null ? null : [...rows.weights],
  };
}

/** The inputs of encoded rows by name. */
export function inputsByName(
  encoder: Encoder,
  { numeric, categorical }: Pick<EncodedRows, 'numeric' | 'categorical'>,
): Map<string, number[]> {
  const names = numericNames(encoder);
  const fields = encoder.categorical.map(({ name }) => name);
  return new Map([
    ...names.map((name, at): [string, number[]] => [name, columnAt(numeric, at, names.length)]),
    ...fields.map((name, at): [string, number[]] => [name, columnAt(categorical, at, fields.length)]),
  ]);
}

function columnAt(items: Float32Array | Int32Array, at: number, width: number): number[] {
  const column: number[] = [];
  for (let place = at; place < items.length; place += width) column.push(items[place]!);
  return column;
}

/** Encodes all rows of a source as `mmoe predict` does. */
export async function newRowsOf(
  encoder: Encoder,
  { source, read }: Source,
  folder: string,
): Promise<EncodedRows> {
  const batches: EncodedRows[] = [];
  // Batches of all rows: their buffers are freed when the next one is asked for.
  const options = { folder, workspace: folder, read, batchRows: 1 << 16 };
  for await (const { rows } of encodeSource(encoder, source, options)) batches.push(rows);
  const [all, more] = batches;
  if (all === undefined || more !== undefined) throw new Error('the rows came in several batches');
  return all;
}
