import { mkdir, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DOUBLE, DuckDBDataChunk, VARCHAR, type DuckDBType } from '@duckdb/node-api';
import { placed } from '../experiment/experiment-error.js';
import type { Experiment } from '../experiment/schema.js';
import { InputError } from '../shared/errors.js';
import { firstLineOf } from './csv.js';
import { Database, name, text } from './database.js';
import { realFolders } from './files.js';
import type { PlannedLabel } from './labels.js';
import type { DataOptions } from './options.js';
import { splitParts } from './parts.js';
import { planData } from './plan.js';
import { readSelections } from './prepare.js';
import { rowNumber } from './source-table.js';
import { itemsOf } from './vector.js';

/** A column of a table to write, [rows]; NaN and null become missing values. */
export interface TableColumn {
  readonly name: string;
  readonly values: ArrayLike<number> | readonly (string | null)[];
}

/** Writes columns of equal length as a table: `.csv` or `.parquet`, by the path's ending. Throws an InputError for another. */
export async function writeTable(columns: readonly TableColumn[], path: string): Promise<void> {
  const target = await targetOf(path);
  const db = await Database.open(dirname(target), [target]);
  try {
    await appendTable(db, 'result', columns);
    await copyTo(db, name('result'), target);
  } finally {
    db.close();
  }
}

/**
 * Writes the rows that an experiment would train on: the columns of its source, each task's label as
 * `label: <task>` (the class's name, or the value), and `split`: train, validation or test. Throws InputErrors.
 */
export async function writeExperimentRows(experiment: Experiment, options: DataOptions, path: string): Promise<{ rows: number }> {
  try {
    const target = await targetOf(path);
    const folders = await realFolders(options.folder, options.workspace);
    const db = await Database.open(folders.workspace, [target]);
    try {
      const plan = await planData(db, experiment, folders, options.onProgress ?? (() => undefined));
      const selections = await readSelections(db, plan, experiment);
      const { parts } = splitParts(plan, selections, experiment);
      const queries: string[] = [];
      let rows = 0;
      for (const [index, { table, where }] of plan.selections.entries()) {
        const splits: (string | null)[] = Array.from({ length: selections[index]!.raw.rows }, () => null);
        for (const part of ['train', 'validation', 'test'] as const) {
          if (parts[part]?.selection !== index) continue;
          for (const row of parts[part].rows) splits[row] = part;
          rows += parts[part].rows.length;
        }
        const labels = plan.labels.map((label, task) =>
          labelColumn(label, selections[index]!.labels[task]!, plan.selections[0]!.table.columns),
        );
        await appendTable(db, `marks ${index}`, [...labels, { name: freeName('split', table.columns), values: splits }]);
        const columns = table.columns.map((column) => name(column.name)).join(', ');
        // Row by row: both are in the order in which the rows were read.
        queries.push(`select ${columns}, marks.* exclude (place) from
          (select *, row_number() over (order by ${name(rowNumber)}) as place from ${name(table.view)}${where === null ? '' : ` where ${where}`}) as source
          join (select *, row_number() over (order by rowid) as place from ${name(`marks ${index}`)}) as marks using (place)`);
      }
      await db.run(`create table result as ${queries.join(' union all by name ')}`);
      await copyTo(db, `(select * from result where ${name(freeName('split', plan.selections[0]!.table.columns))} is not null)`, target);
      return { rows };
    } finally {
      db.close();
    }
  } catch (error) {
    throw placed(error, options.file);
  }
}

function labelColumn(label: PlannedLabel, values: Float64Array, columns: readonly { name: string }[]): TableColumn {
  const title = freeName(`label: ${label.name}`, columns);
  const { classes } = label;
  if (classes === null) return { name: title, values };
  return { name: title, values: Array.from(values, (value) => (Number.isNaN(value) ? null : classes[value]!)) };
}

/** A name that no column has. */
function freeName(wanted: string, columns: readonly { name: string }[]): string {
  const taken = new Set(columns.map((column) => column.name.toLowerCase()));
  let title = wanted;
  while (taken.has(title.toLowerCase())) title += '_';
  return title;
}

async function targetOf(path: string): Promise<string> {
  const target = resolve(path);
  if (!/\.(csv|parquet)$/i.test(target))
    throw new InputError('data.output', 'this cannot be written; name a file that ends in .csv or .parquet', { file: path });
  try {
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { force: true });
  } catch (error) {
    throw new InputError('data.output', `this cannot be written: ${firstLineOf(error)}`, { file: path });
  }
  return target;
}

async function copyTo(db: Database, from: string, target: string): Promise<void> {
  const format = /\.parquet$/i.test(target) ? 'format parquet' : 'format csv, header true';
  await db.run(`copy ${from} to ${text(target)} (${format}, use_tmp_file false)`).catch((error: unknown) => {
    throw new InputError('data.output', `this cannot be written: ${firstLineOf(error)}`, { file: target });
  });
}

/** DuckDB's own. */
const chunkRows = 2048;

async function appendTable(db: Database, table: string, columns: readonly TableColumn[]): Promise<void> {
  const rows = columns[0]?.values.length ?? 0;
  const isText = columns.map(({ values }) => Array.isArray(values) && values.some((value) => value === null || typeof value === 'string'));
  const listed = columns.map((column, i) => `${name(column.name)} ${isText[i]! ? 'varchar' : 'double'}`).join(', ');
  await db.run(`create table ${name(table)} (${listed})`);
  const appender = await db.appender(table);
  const types: DuckDBType[] = columns.map((_, i) => (isText[i]! ? VARCHAR : DOUBLE));
  for (let from = 0; from < rows; from += chunkRows) {
    const chunk = DuckDBDataChunk.create(types, Math.min(chunkRows, rows - from));
    columns.forEach(({ values }, i) => {
      const part = Array.from({ length: chunk.rowCount }, (_, row) => values[from + row]!);
      if (isText[i]!) chunk.setColumnValues(i, part);
      else if (part.some((value) => Number.isNaN(value)))
        chunk.setColumnValues(
          i,
          part.map((value) => (Number.isNaN(value) ? null : value)),
        );
      else {
        const vector = chunk.getColumnVector(i);
        itemsOf(vector).set(part.map(Number));
        vector.flush();
      }
    });
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}
