import { placed } from '../experiment/experiment-error.js';
import type { Experiment } from '../experiment/schema.js';
import { releaseMemory } from '../memory/release.js';
import { drawnLog } from './drawn-log.js';
import { drawnRows } from './drawn-rows.js';
import { planData, type Decided } from './decide/data-plan.js';
import { blamingExpressions } from './decide/failing-expression.js';
import { Database } from './duckdb/database.js';
import { encodeParts } from './encode/encode-parts.js';
import { inputOf } from './encode/encoder.js';
import { fingerprintOf, hashed } from './encode/fingerprint.js';
import { farOutsideWarnings } from './encode/outside.js';
import { fitEncoder } from './encode/fit-encoder.js';
import { gatherRows } from './gather/gather-rows.js';
import type { SelectionRows } from './gather/selection-rows.js';
import type { DataOptions } from './options.js';
import { RowStore } from './prepare-streamed.js';
import type { DecidedColumn, PreparedData } from './prepared.js';
import { loadSelections } from './read/load-selections.js';
import { realFolders, type Folders } from './read/files/source-files.js';

/** Hears what was decided about the columns before the rows are gathered. */
type OnDecided = (columns: readonly DecidedColumn[]) => void;

/**
 * Reads, checks, splits and encodes an experiment's data. Throws InputErrors, which have a place where
 * `options.file` is given.
 *
 * There are four stages: sources are read into DuckDB; what labels and columns are is decided; the rows are
 * gathered from DuckDB into memory; they are encoded. Memory is released before each stage that takes much of
 * it. Drawn rows that no SQL asks anything of need no database. Rows that stay on the disk are gathered and encoded
 * into files, or are there from before.
 */
export async function prepareData(
  experiment: Experiment,
  options: DataOptions,
  onDecided: OnDecided = () => undefined,
): Promise<PreparedData> {
  try {
    await releaseMemory();
    const data = await throughStages(experiment, options, onDecided);
    // The rows as they were gathered are garbage only after the stages have returned.
    await releaseMemory();
    return data;
  } catch (error) {
    throw placed(error, options.file);
  }
}

async function throughStages(
  experiment: Experiment,
  options: DataOptions,
  onDecided: OnDecided,
): Promise<PreparedData> {
  const drawn = drawnRows(experiment) ?? drawnLog(experiment);
  if (drawn === null) return fromTables(experiment, options, onDecided);
  const { plan, selections } = drawn;
  onDecided(plan.columns);
  const store = RowStore.of(experiment, options);
  return store.streamsDrawn(plan, selections[0]!.rows)
    ? store.drawn(plan, selections, options)
    : encode(plan, selections, experiment, options);
}

/** Reads the data of tables, unless its rows are kept from before. */
async function fromTables(
  experiment: Experiment,
  options: DataOptions,
  onDecided: OnDecided,
): Promise<PreparedData> {
  const folders = await realFolders(options.folder, options.workspace);
  const db = await Database.open(folders.workspace);
  try {
    const store = await RowStore.open(experiment, db, folders, options);
    const make = (): Promise<PreparedData> =>
      readAndEncode(db, store, folders, experiment, options, onDecided);
    const known = (data: PreparedData): PreparedData => {
      onDecided(data.stream?.known.columns ?? []);
      return data;
    };
    if (!store.isLarge) return await make();
    const kept = store.kept();
    if (kept !== null) return known(kept);
    return await (options.isUnasked === true ? make() : store.alone(make, known, options));
  } finally {
    db.close();
  }
}

/**
 * Does the stages that need a database, which is closed afterwards: its memory is reused for the encoded
 * rows.
 */
async function readAndEncode(
  db: Database,
  store: RowStore,
  folders: Folders,
  experiment: Experiment,
  options: DataOptions,
  onDecided: OnDecided,
): Promise<PreparedData> {
  const { onProgress = () => undefined } = options;
  if (store.isLarge) await db.keepInFile();
  onProgress('Reading the data');
  const loaded = await loadSelections(db, experiment, folders);
  const gathered = await blamingExpressions(db, loaded, experiment, async () => {
    onProgress('Looking at the columns');
    const plan = await planData(db, loaded, experiment);
    onDecided(plan.columns);
    if (!(await store.streams(db, plan))) {
      onProgress('Encoding the rows');
      return { plan, selections: await gatherRows(db, plan), waiting: null };
    }
    const kept = store.isLarge ? null : store.kept();
    if (kept !== null) return kept;
    onProgress('Encoding the rows');
    return { plan, ...(await store.gather(db, plan, options)) };
  });
  db.close();
  if (!('plan' in gathered)) return gathered;
  const { plan, selections, waiting } = gathered;
  if (waiting === null) return encode(plan, selections, experiment, options);
  try {
    return await store.encode(plan, selections);
  } finally {
    waiting.discard();
  }
}

async function encode(
  plan: Decided,
  selections: readonly SelectionRows[],
  experiment: Experiment,
  { earlier }: DataOptions,
): Promise<PreparedData> {
  const fitted = fitEncoder(plan, selections, experiment, { earlier });
  const { encoder, warnings } = fitted;
  await releaseMemory();
  const encoded = await encodeParts(fitted, selections);
  const { train, validation, test } = encoded;
  return {
    source: plan.selections[0]!.table.title,
    input: inputOf(encoder),
    tasks: encoder.tasks,
    ...encoded,
    encoder,
    vocabularies: fitted.vocabularies,
    fingerprint: fingerprintOf(encoder, [train, validation, test].map(hashed)),
    stream: null,
    warnings: [...warnings, ...farOutsideWarnings(encoded.outside)],
  };
}
