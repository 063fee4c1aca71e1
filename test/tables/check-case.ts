import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareData } from '../../src/data/prepare.js';
import type { PreparedData } from '../../src/data/prepared.js';
import { loadExperiment } from '../../src/experiment/load.js';
import type { Experiment } from '../../src/experiment/schema.js';
import { InputError } from '../../src/shared/errors.js';
import { actualOf, inputsByName, newRowsOf } from './actual.js';
import { firstDifference, inputsDifference } from './difference.js';
import type { Case } from './drawn/case.js';
import { expectedOf, inputsOf, type Expected, type Refused } from './expected/expected.js';
import { experimentOn } from './experiment.js';
import { predictorOf, type Predictions } from './predictions.js';
import { ownRows, type Column, type RowRange, type Table } from './table.js';
import { dayText } from './written/cell-text.js';
import { writeContainer, type Container, type Source } from './written/container.js';
import type { ParquetWriter } from './written/parquet.js';

/**
 * Writes a table into each of its containers, and throws an Error where one is read otherwise than the test
 * reads the table itself: encoded rows, labels and splits, the same rows as new ones, and predictions for
 * them. New rows are always encoded as the first container taught.
 */
export async function checkCase(
  { table, containers, predicts }: Case,
  parquet: ParquetWriter,
): Promise<void> {
  const outer = await realpath(await mkdtemp(join(tmpdir(), 'mmoe-tables-')));
  const folder = join(outer, 'workspace');
  try {
    await mkdir(join(folder, '.vscode'), { recursive: true });
    const expected = expectedOf(table);
    let first: Taught | null = null;
    for (const [i, container] of containers.entries()) {
      const named = (error: string): Error => new Error(`${nameOf(container)}: ${error}`);
      const { experiment, source } = await write(table, container, { folder, parquet, within: String(i) });
      const data = await prepared(experiment, folder);
      const flaw = flawOf(data, expected);
      if (flaw !== null) throw named(flaw);
      if (data instanceof InputError || 'refused' in expected) continue;
      first ??= { container, data, predictions: null };
      // Nobody can tell which number is the day: new rows may not be guessed, as training rows are, with a warning.
      if (i > 0 && table.columns.some((column) => isUnclearDate(container, column))) continue;
      const rows = await newRowsOf(first.data.encoder, source, folder);
      const asNew = `as new rows of a network that learned from ${nameOf(first.container)}`;
      const all = Array.from({ length: table.rows }, (_, row) => row);
      const inputs = inputsOf(table, expected.features, all);
      const differs = inputsDifference(inputsByName(first.data.encoder, rows), inputs);
      if (differs !== null) throw named(`${asNew}: ${differs}`);
      if (!predicts || expected.features.size === 0) continue;
      const predictor = await predictorOf(experiment, first.data.encoder);
      try {
        const predictions = predictor.predict(rows);
        first.predictions ??= predictions;
        const other = predictionsDifference(predictions, first.predictions);
        if (other !== null) throw named(`${asNew}: ${other}`);
      } finally {
        predictor.dispose();
      }
    }
  } finally {
    await rm(outer, { recursive: true, force: true });
  }
}

/** Whether a container has dates in a form that does not show which number is the day. */
function isUnclearDate(container: Container, { type, cells }: Column): boolean {
  if (container.format === 'parquet' || !['slashes', 'dots', 'mixed'].includes(container.style.dates))
    return false;
  const days = type.kind === 'date' ? 1n : type.kind === 'moment' && !type.zone ? 86_400_000_000n : null;
  return (
    days !== null &&
    cells.every((cell) => cell === null || Number(dayText(BigInt(cell) / days).slice(8)) <= 12)
  );
}

/** What the first container has taught. */
interface Taught {
  readonly container: Container;
  readonly data: PreparedData;
  predictions: Predictions | null;
}

async function write(
  table: Table,
  container: Container,
  { folder, parquet, within }: { folder: string; parquet: ParquetWriter; within: string },
): Promise<{ experiment: Experiment; source: Source }> {
  const own = ownRows(table);
  const files = (range: RowRange, name: string): Promise<Source> =>
    writeContainer(container, table, range, { folder, parquet, within: `${name} ${within}` });
  const sources = {
    main: await files({ first: 0, rows: table.rows }, 'data'),
    validation: own.validation && (await files(own.validation, 'validation')),
    test: own.test && (await files(own.test, 'test')),
  };
  const path = join(folder, `experiment ${within}.mmoe.json`);
  await writeFile(path, JSON.stringify(experimentOn(table, sources)));
  return { experiment: await loadExperiment(path, []), source: sources.main };
}

/** Returns an InputError instead of throwing it: a table may have to be refused. */
const prepared = (experiment: Experiment, folder: string): Promise<PreparedData | InputError> =>
  prepareData(experiment, { folder, workspace: folder }).catch((error: unknown) => {
    if (error instanceof InputError) return error;
    throw error;
  });

function flawOf(data: PreparedData | InputError, expected: Expected | Refused): string | null {
  if ('refused' in expected) {
    const how = `must be refused (${expected.refused.join(', ')})`;
    if (!(data instanceof InputError)) return how;
    return expected.refused.includes(data.code) ? null : `${how}, not as ${data.code}: ${data.message}`;
  }
  return data instanceof InputError
    ? `is refused, ${data.code}: ${data.message} ${JSON.stringify(data.place)}`
    : firstDifference(actualOf(data), expected);
}

function predictionsDifference(actual: Predictions, expected: Predictions): string | null {
  for (const [name, values] of expected) {
    const found = actual.get(name);
    const row = values.findIndex((value: number | string, i: number) => !Object.is(found?.[i], value));
    if (row >= 0)
      return `row ${row} of "${name}" is ${found?.[row] ?? 'absent'}, and must be ${values[row]!}`;
  }
  return null;
}

const nameOf = (container: Container): string => {
  const packed = container.format !== 'parquet' && container.gzip ? ' in gzip' : '';
  const parts = container.ends.length === 0 ? '' : ` in ${container.ends.length + 1} parts`;
  return `${container.format}${packed}${parts}`;
};
