import { placed } from '../experiment/experiment-error.js';
import type { Experiment } from '../experiment/schema.js';
import { releaseMemory } from '../memory/release.js';
import { drawnLog } from './drawn-log.js';
import { drawnRows } from './drawn-rows.js';
import { planData, type DataPlan, type Decided } from './decide/data-plan.js';
import { blamingExpressions } from './decide/failing-expression.js';
import { Database } from './duckdb/database.js';
import { encodeParts } from './encode/encode-parts.js';
import { inputOf } from './encode/encoder.js';
import { fingerprintOf } from './encode/fingerprint.js';
import { farOutsideWarnings } from './encode/outside.js';
import { fitEncoder } from './encode/fit-encoder.js';
import { gatherRows } from './gather/gather-rows.js';
import type { SelectionRows } from './gather/selection-rows.js';
import type { DataOptions } from './options.js';
import type { PreparedData } from './prepared.js';
import { loadSelections } from './read/load-selections.js';
import { realFolders } from './read/files/source-files.js';

/** Hears what was decided about the data before the rows are gathered. */
type OnDecided = (plan: Decided) => void;

/**
 * Reads, checks, splits and encodes an experiment's data. Throws InputErrors, which have a place where
 * `options.file` is given.
 *
 * There are four stages: sources are read into DuckDB; what labels and columns are is decided; the rows are
 * gathered from DuckDB into memory; they are encoded. Memory is released before each stage that takes much of
 * it. Drawn rows that no SQL asks anything of need no database.
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
  if (drawn !== null) onDecided(drawn.plan);
  const { plan, selections } = drawn ?? (await readDecideGather(experiment, options, onDecided));
  return encode(plan, selections, experiment);
}

/**
 * Does the stages that need a database, which is closed afterwards: its memory is reused for the encoded
 * rows.
 */
async function readDecideGather(
  experiment: Experiment,
  { folder, workspace, onProgress = () => undefined }: DataOptions,
  onDecided: OnDecided,
): Promise<{ plan: DataPlan; selections: SelectionRows[] }> {
  const folders = await realFolders(folder, workspace);
  const db = await Database.open(folders.workspace);
  try {
    onProgress('Reading the data');
    const loaded = await loadSelections(db, experiment, folders);
    return await blamingExpressions(db, loaded, experiment, async () => {
      onProgress('Looking at the columns');
      const plan = await planData(db, loaded, experiment);
      onDecided(plan);
      onProgress('Encoding the rows');
      return { plan, selections: await gatherRows(db, plan) };
    });
  } finally {
    db.close();
  }
}

async function encode(
  plan: Decided,
  selections: readonly SelectionRows[],
  experiment: Experiment,
): Promise<PreparedData> {
  const fitted = fitEncoder(plan, selections, experiment);
  const { encoder, warnings } = fitted;
  await releaseMemory();
  const encoded = await encodeParts(fitted, selections);
  return {
    source: plan.selections[0]!.table.title,
    input: inputOf(encoder),
    tasks: encoder.tasks,
    ...encoded,
    encoder,
    vocabularies: fitted.vocabularies,
    fingerprint: fingerprintOf(encoder, encoded),
    warnings: [...warnings, ...farOutsideWarnings(encoded.outside)],
  };
}
