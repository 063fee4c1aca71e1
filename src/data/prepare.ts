import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { placed } from '../experiment/experiment-error.js';
import type { Experiment } from '../experiment/schema.js';
import type { EncodedRows } from '../network/encoded-rows.js';
import { releaseMemory } from '../memory/release.js';
import type { PlannedColumn } from './decide/columns.js';
import { Database } from './duckdb/database.js';
import { RowEncoder } from './encode/row-encoder.js';
import { emptyRows } from './encode/empty-rows.js';
import { inputOf, type Encoder } from './encode/encoder.js';
import { realFolders } from './read/source-files.js';
import { fitColumns } from './encode/fit.js';
import { labelValues } from './decide/plan-label.js';
import { narrowed } from './gather/narrow.js';
import type { DataOptions } from './options.js';
import { splitParts, type Parts } from './encode/split-parts.js';
import { planData, type DataPlan } from './decide/data-plan.js';
import type { PreparedData } from './prepared.js';
import { byBlock, rawColumns, type SelectionRows } from './read/raw-columns.js';
import { joined, readBlocks, type Wanted } from './gather/read-columns.js';
import { failOnBadNumbers, failOnBadValues, featureColumns, type Feature } from './gather/feature-columns.js';
import { failOnOneClass, prepareTask, scaleLabels } from './encode/fit-task.js';
import type { Items } from './duckdb/vector.js';

/**
 * Reads, checks, splits and encodes an experiment's data. Throws InputErrors, placed where `options.file` is
 * given.
 */
export async function prepareData(experiment: Experiment, options: DataOptions): Promise<PreparedData> {
  const data = await readAndEncode(experiment, options);
  await releaseMemory();
  return data;
}

async function readAndEncode(experiment: Experiment, options: DataOptions): Promise<PreparedData> {
  try {
    const folders = await realFolders(options.folder, options.workspace);
    await releaseMemory();
    const db = await Database.open(folders.workspace);
    let plan: DataPlan;
    let selections: SelectionRows[];
    try {
      plan = await planData(db, experiment, folders, options.onProgress ?? (() => undefined));
      selections = await readForEncoding(db, plan, experiment, options);
    } finally {
      // Before the rows are encoded, so that its memory can be theirs.
      db.close();
    }
    return await encodeSelections(plan, selections, experiment);
  } catch (error) {
    throw placed(error, options.file);
  }
}

/** As prepareData, of data that is read and decided upon already. */
export async function prepareFromPlan(
  db: Database,
  plan: DataPlan,
  experiment: Experiment,
  options: DataOptions,
): Promise<PreparedData> {
  return encodeSelections(plan, await readForEncoding(db, plan, experiment, options), experiment);
}

function readForEncoding(
  db: Database,
  plan: DataPlan,
  experiment: Experiment,
  options: DataOptions,
): Promise<SelectionRows[]> {
  options.onProgress?.('Encoding the rows');
  return readSelections(db, plan, experiment);
}

async function encodeSelections(
  plan: DataPlan,
  selections: readonly SelectionRows[],
  experiment: Experiment,
): Promise<PreparedData> {
  const { parts, warnings } = splitParts(plan, selections, experiment);
  failOnOneClass(plan, selections, parts, experiment);
  const encoder = fitEncoder(plan, selections[0]!, parts.train.rows, experiment);
  // Before there are the encoded rows beside the rows as read, so that memory can be theirs.
  await releaseMemory();
  const encoded: Record<keyof Parts, EncodedRows | null> = { train: null, validation: null, test: null };
  const present = (['train', 'validation', 'test'] as const).flatMap((part) => {
    const rows = parts[part];
    return rows === null ? [] : [{ part, rows: rows.rows, from: selections[rows.selection]! }];
  });
  const empty = emptyRows(
    encoder,
    present.map(({ rows, from }) => ({ rows: rows.length, weighted: from.weights !== null })),
  );
  const places = present.map(({ part, rows, from }, i) => ({
    rows,
    from,
    into: (encoded[part] = empty[i]!),
  }));
  for (const selection of selections) {
    await encodeSelection(
      encoder,
      selection,
      places.filter(({ from }) => from === selection),
    );
  }
  return {
    source: plan.selections[0]!.table.title,
    input: inputOf(encoder),
    tasks: encoder.tasks,
    train: encoded.train!,
    validation: encoded.validation,
    test: encoded.test,
    encoder,
    fingerprint: fingerprintOf(encoder, Object.values(encoded)),
    warnings: [...warnings, ...columnWarnings(plan.columns)],
  };
}

function fitEncoder(
  plan: DataPlan,
  { blocks, labels }: SelectionRows,
  trainRows: Uint32Array,
  experiment: Experiment,
): Encoder {
  const scratch = new Float64Array(trainRows.length);
  const fitted = fitColumns(plan.columns, blocks, trainRows, scratch);
  const tasks = plan.labels.map((label, index) =>
    prepareTask(label, experiment.tasks[index]!, labels[index]!, trainRows, scratch),
  );
  return { format: 1, ...fitted, tasks };
}

/** Reads all selections beside each other: one alone does not keep every thread busy. */
export async function readSelections(
  db: Database,
  plan: DataPlan,
  experiment: Experiment,
): Promise<SelectionRows[]> {
  const reading = plan.selections.map(async (_, index) =>
    readSelection(index === 0 ? db : await db.beside(), plan, experiment, index),
  );
  // All are waited for, and of several that fail the first in order speaks.
  await Promise.allSettled(reading);
  return Promise.all(reading);
}

/** Reads one selection's features, labels, weights and conditions, checked. */
async function readSelection(
  db: Database,
  plan: DataPlan,
  experiment: Experiment,
  index: number,
): Promise<SelectionRows> {
  const selection = plan.selections[index]!;
  const read = experiment.data.read ?? {};
  const features = plan.columns.filter(
    (column): column is PlannedColumn & Feature => column.use === 'numeric' || column.use === 'categorical',
  );
  await failOnBadNumbers(db, selection, features, read);
  for (const label of plan.labels) {
    const { column } = label.wanted[index]!;
    if (column.kind === 'number' && label.mayBeEndless)
      await failOnBadValues(db, selection, column.sql, label.name, 'label', read);
  }
  const weight = plan.weights?.[index];
  if (weight !== undefined) await failOnBadValues(db, selection, weight.sql, weight.written, 'weight', read);
  const all: Wanted[] = await featureColumns(
    db,
    selection,
    features,
    index === 0 ? plan.dictionaries : new Map(),
    read,
  );
  for (const label of plan.labels) all.push(label.wanted[index]!.column);
  if (weight !== undefined) all.push({ kind: 'number', sql: weight.sql });
  const conditions = index === 0 ? [plan.conditions.validation, plan.conditions.test] : [null, null];
  for (const condition of conditions) if (condition !== null) all.push({ kind: 'flag', sql: condition.sql });

  const wanted = await narrowed(db, selection.table, all, selection.where);
  const blocks = await readBlocks(db, selection.table, wanted, selection.where);
  let at = features.length;
  const labels = plan.labels.map((label) => labelValues(joined(blocks, at++), label.wanted[index]!.classOf));
  const weights = weight === undefined ? null : joined(blocks, at++);
  const [validation, test] = conditions.map((condition) =>
    condition === null ? null : asFlags(joined(blocks, at++)),
  );
  return {
    rows: blocks.reduce((sum, block) => sum + block.rows, 0),
    blocks: blocks.map(({ rows, columns }) => rawColumns(rows, features, wanted, columns)),
    labels,
    weights,
    flags: { validation: validation ?? null, test: test ?? null },
  };
}

function asFlags(items: Items): Uint8Array {
  if (items instanceof Uint8Array) return items;
  throw new Error('a condition was read as something else');
}

/**
 * Encodes a selection's rows for each part that has some of them; block by block, and what was read of one is
 * gone then.
 */
async function encodeSelection(
  encoder: Encoder,
  { blocks, labels, weights }: SelectionRows,
  places: readonly { readonly rows: Uint32Array; readonly into: EncodedRows }[],
): Promise<void> {
  for (const { rows, into } of places) {
    scaleLabels(encoder.tasks, labels, rows, into.labels);
    if (weights !== null) for (let i = 0; i < rows.length; i++) into.weights![i] = weights[rows[i]!]!;
  }
  const [any] = blocks;
  if (any === undefined) return;
  const rowEncoder = new RowEncoder(encoder, any.texts);
  const inBlocks = places.map(
    ({ rows }) => new Map(Array.from(byBlock(blocks, rows), (lying) => [lying.block, lying])),
  );
  for (const block of blocks) {
    places.forEach(({ rows, into }, i) => {
      const lying = inBlocks[i]!.get(block);
      if (lying === undefined) return;
      const within = rows.slice(lying.from, lying.to).map((row) => row - lying.first);
      rowEncoder.encode(block, within, into, lying.from);
    });
    block.free();
    await setImmediate();
  }
}

function fingerprintOf(encoder: Encoder, parts: readonly (EncodedRows | null)[]): string {
  const hash = createHash('sha256').update(JSON.stringify(encoder));
  for (const part of parts) {
    hash.update(part === null ? 'none' : `${part.rows}`);
    if (part === null) continue;
    for (const array of [part.numeric, part.categorical, part.labels, part.weights]) {
      if (array !== null) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    }
  }
  return hash.digest('hex').slice(0, 32);
}

/** The columns that were left out without being asked to. */
const columnWarnings = (columns: readonly PlannedColumn[]): string[] =>
  columns
    .filter((column) => column.use === 'ignored' && column.why !== 'as the experiment says')
    .map((column) => `column "${column.name}" is left out: ${column.why}`);
