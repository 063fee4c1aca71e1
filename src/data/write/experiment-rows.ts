import { placed } from '../../experiment/experiment-error.js';
import type { Experiment } from '../../experiment/schema.js';
import { quoted } from '../../shared/sql.js';
import { planData, type DataPlan } from '../decide/data-plan.js';
import type { PlannedLabel } from '../decide/plan-label.js';
import { blamingExpressions } from '../decide/failing-expression.js';
import { partNames } from '../decide/split.js';
import { appendTable, type TableColumn } from '../duckdb/append-table.js';
import { Database } from '../duckdb/database.js';
import type { Items } from '../duckdb/vector.js';
import { splitParts, type Parts } from '../encode/split-parts.js';
import { gatherRows } from '../gather/gather-rows.js';
import type { SelectionRows } from '../gather/selection-rows.js';
import type { DataOptions } from '../options.js';
import { loadSelections } from '../read/load-selections.js';
import { realFolders } from '../read/files/source-files.js';
import { sourcesOf } from '../read/sources.js';
import { rowNumber, type SourceColumn } from '../read/table/source-table.js';
import { ownName } from '../read/table/stored-columns.js';
import { namedFiles } from '../read/files/sql-source.js';
import { copyTo, targetOf } from './table-file.js';

/** A row's place and its selection, while its labels are joined to it; no column is called so. */
const place = quoted(ownName('place'));
const selectionNumber = quoted(ownName('part'));

/** How the rows of an experiment are written. */
export interface RowsOptions {
  /** Hears the real paths of all files that will be read, before any is, and may throw. */
  readonly onFiles?: (files: readonly string[]) => void;
  /**
   * By task: what is predicted for the training rows, in their order; null: nothing. These columns take the
   * place of the labels.
   */
  readonly teachers?: readonly (Float64Array | null)[];
}

/** Rows that were written, and what their columns are called. */
export interface WrittenRows {
  readonly rows: number;
  /** The column that says which part a row is in. */
  readonly split: string;
  /** By task: the column of its teacher; null: it has none. */
  readonly teachers: readonly (string | null)[];
}

/**
 * Writes the rows that an experiment would train on: the columns of its source, each task's label as `label:
 * <task>` (the class's name, or the value), and `split`: train, validation or test. With `teachers`, `teacher:
 * <task>` instead of labels. Throws InputErrors.
 */
export async function writeExperimentRows(
  experiment: Experiment,
  options: DataOptions,
  path: string,
  { onFiles = () => undefined, teachers }: RowsOptions = {},
): Promise<WrittenRows> {
  try {
    const target = await targetOf(path);
    const folders = await realFolders(options.folder, options.workspace);
    const db = await Database.open(folders.workspace, [target]);
    try {
      for (const source of sourcesOf(experiment)) onFiles(await namedFiles(db, source, folders));
      options.onProgress?.('Reading the data');
      const loaded = await loadSelections(db, experiment, folders);
      options.onProgress?.('Looking at the columns');
      const { plan, selections } = await blamingExpressions(db, loaded, experiment, async () => {
        const decided = await planData(db, loaded, experiment);
        return { plan: decided, selections: await gatherRows(db, decided) };
      });
      const { parts } = splitParts(plan, selections, experiment);
      return await writeParts(db, { plan, selections, parts, teachers }, target);
    } finally {
      db.close();
    }
  } catch (error) {
    throw placed(error, options.file);
  }
}

interface Writing {
  readonly plan: DataPlan;
  readonly selections: readonly SelectionRows[];
  readonly parts: Parts;
  readonly teachers: RowsOptions['teachers'];
}

async function writeParts(
  db: Database,
  { plan, selections, parts, teachers }: Writing,
  target: string,
): Promise<WrittenRows> {
  // A name must be free in all tables, for their rows are put together by name.
  const taken = plan.selections.flatMap(({ table }) => table.columns);
  const splitName = freeName('split', taken);
  const teacherNames = plan.labels.map(({ name }, task) =>
    (teachers?.[task] ?? null) === null ? null : freeName(`teacher: ${name}`, taken),
  );
  const queries: string[] = [];
  for (const [index, { table, where }] of plan.selections.entries()) {
    const marks = `marks ${index}`;
    const { rows, labels } = selections[index]!;
    const splits = splitsOf(parts, index, rows);
    const ofTasks =
      teachers === undefined
        ? plan.labels.map((label, task) => labelColumn(label, labels[task]!, taken))
        : teacherNames.flatMap((name, task) =>
            name === null ? [] : [{ name, values: atTrainingRows(teachers[task]!, splits) }],
          );
    await appendTable(db, marks, [...ofTasks, { name: splitName, values: splits }]);
    const columns = table.columns.map(({ name }) => `source.${quoted(name)}`).join(', ');
    const condition = where === null ? '' : ` where ${where}`;
    // Row by row: both are in the order in which the rows were read.
    queries.push(
      `select ${columns}, marks.*, ${index} as ${selectionNumber} from
         (select *, row_number() over (order by ${quoted(rowNumber)}) as ${place}
          from ${quoted(table.view)}${condition}) as source
         join (select *, row_number() over (order by rowid) as ${place} from ${quoted(marks)}) as marks
         using (${place})`,
    );
  }
  await db.run(`create table result as ${queries.join(' union all by name ')}`);
  const order = `${selectionNumber}, ${place}`;
  const split = quoted(splitName);
  const result = `select * exclude (${order}) from result where ${split} is not null order by ${order}`;
  await copyTo(db, `(${result})`, target);
  return {
    rows: partNames.reduce((sum, part) => sum + (parts[part]?.rows.length ?? 0), 0),
    split: splitName,
    teachers: teacherNames,
  };
}

/** Returns the part of each of a selection's rows; null: the row is in none. */
function splitsOf(parts: Parts, selection: number, rows: number): (string | null)[] {
  const splits = Array.from<unknown, string | null>({ length: rows }, () => null);
  for (const part of partNames) {
    const found = parts[part];
    if (found?.selection === selection) for (const row of found.rows) splits[row] = part;
  }
  return splits;
}

/** Returns values of the training rows, in their order, among all rows; NaN for others. */
function atTrainingRows(values: Float64Array, splits: readonly (string | null)[]): Float64Array {
  let next = 0;
  return Float64Array.from(splits, (split) => (split === 'train' ? values[next++]! : NaN));
}

function labelColumn(label: PlannedLabel, values: Items, columns: readonly SourceColumn[]): TableColumn {
  const name = freeName(`label: ${label.name}`, columns);
  const { classes } = label;
  if (classes === null) return { name, values: Float64Array.from(values) };
  const nameOf = (value: number): string | null => (Number.isNaN(value) ? null : classes[value]!);
  return { name, values: Array.from<number, string | null>(values, nameOf) };
}

/** Returns a name that no column has. */
function freeName(wanted: string, columns: readonly SourceColumn[]): string {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  let name = wanted;
  while (taken.has(name.toLowerCase())) name += '_';
  return name;
}
