import { placed } from '../../experiment/experiment-error.js';
import type { Experiment } from '../../experiment/schema.js';
import { Database } from '../duckdb/database.js';
import { quoted } from '../../shared/sql.js';
import { realFolders } from '../read/source-files.js';
import type { PlannedLabel } from '../decide/plan-label.js';
import type { DataOptions } from '../options.js';
import { splitParts } from '../encode/split-parts.js';
import { planData } from '../decide/data-plan.js';
import { readSelections } from '../prepare.js';
import { rowNumber } from '../read/source-table.js';
import type { Items } from '../duckdb/vector.js';
import { appendTable, copyTo, targetOf, type TableColumn } from './table-file.js';

/** Of a row, while its labels are joined to it: no column is called so. */
const place = 'mmoe: place';
const partNumber = 'mmoe: part';

/**
 * Writes the rows that an experiment would train on: the columns of its source, each task's label as `label:
 * <task>` (the class's name, or the value), and `split`: train, validation or test. Throws InputErrors.
 */
export async function writeExperimentRows(
  experiment: Experiment,
  options: DataOptions,
  path: string,
): Promise<{ rows: number }> {
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
        const splits: (string | null)[] = Array.from({ length: selections[index]!.rows }, () => null);
        for (const part of ['train', 'validation', 'test'] as const) {
          if (parts[part]?.selection !== index) continue;
          for (const row of parts[part].rows) splits[row] = part;
          rows += parts[part].rows.length;
        }
        const labels = plan.labels.map((label, task) =>
          labelColumn(label, selections[index]!.labels[task]!, plan.selections[0]!.table.columns),
        );
        await appendTable(db, `marks ${index}`, [
          ...labels,
          { name: freeName('split', table.columns), values: splits },
        ]);
        const columns = table.columns.map((column) => `source.${quoted(column.name)}`).join(', ');
        // Row by row: both are in the order in which the rows were read.
        queries.push(`select ${columns}, marks.*, ${index} as ${quoted(partNumber)} from
          (select *, row_number() over (order by ${quoted(rowNumber)}) as ${quoted(place)} from ${quoted(table.view)}${where === null ? '' : ` where ${where}`}) as source
          join (select *, row_number() over (order by rowid) as ${quoted(place)} from ${quoted(`marks ${index}`)}) as marks using (${quoted(place)})`);
      }
      await db.run(`create table result as ${queries.join(' union all by name ')}`);
      const order = `${quoted(partNumber)}, ${quoted(place)}`;
      const split = quoted(freeName('split', plan.selections[0]!.table.columns));
      await copyTo(
        db,
        `(select * exclude (${order}) from result where ${split} is not null order by ${order})`,
        target,
      );
      return { rows };
    } finally {
      db.close();
    }
  } catch (error) {
    throw placed(error, options.file);
  }
}

function labelColumn(label: PlannedLabel, values: Items, columns: readonly { name: string }[]): TableColumn {
  const title = freeName(`label: ${label.name}`, columns);
  const { classes } = label;
  if (classes === null) return { name: title, values: Float64Array.from(values) };
  return {
    name: title,
    values: Array.from<number, string | null>(values, (value) =>
      Number.isNaN(value) ? null : classes[value]!,
    ),
  };
}

/** A name that no column has. */
function freeName(wanted: string, columns: readonly { name: string }[]): string {
  const taken = new Set(columns.map((column) => column.name.toLowerCase()));
  let title = wanted;
  while (taken.has(title.toLowerCase())) title += '_';
  return title;
}
