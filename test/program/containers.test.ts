import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { literal } from '../../src/shared/sql.js';
import { caseOf, isClear } from '../tables/drawn/case.js';
import { plans } from '../tables/drawn/plans.js';
import { expectedOf } from '../tables/expected/expected.js';
import { labelsOf } from '../tables/expected/labels.js';
import { partsOf } from '../tables/expected/splits.js';
import { experimentOn } from '../tables/experiment.js';
import type { Table } from '../tables/table.js';
import { writeContainer } from '../tables/written/container.js';
import { ParquetWriter } from '../tables/written/parquet.js';
import { Workspace } from './program.js';

/**
 * Short tables that can be learned from, without sources of the splits' own. The second container is no CSV,
 * whose delimiter the run's experiment might deny.
 */
const cases = fc
  .sample(plans, { seed: 1, numRuns: 300 })
  .filter(
    ({ rows, validation, test: tested, containers }) =>
      rows > 60 &&
      rows <= 150 &&
      validation.kind !== 'source' &&
      tested.kind !== 'source' &&
      containers[1]?.format !== 'csv',
  )
  .map((plan) => caseOf(plan))
  .filter(({ table }) => isClear(table) && !('refused' in expectedOf(table)))
  .slice(0, 4);

let parquet: ParquetWriter;
beforeAll(async () => {
  parquet = await ParquetWriter.open();
});
afterAll(() => parquet.close());

test.each(cases.map((one, i) => [i, one] as const))(
  'the program tells the splits of a drawn table, and predicts the same from other files (%s)',
  async (_, { table, containers: [one, other] }) => {
    const workspace = await Workspace.create();
    const range = { first: 0, rows: table.rows };
    const files = { folder: workspace.folder, parquet };
    const main = await writeContainer(one!, table, range, { ...files, within: 'one' });
    const elsewhere = await writeContainer(other!, table, range, { ...files, within: 'other' });
    await workspace.write({ 'x.mmoe.json': experimentOn(table, { main, validation: null, test: null }) });

    expect(await workspace.mmoe('data', 'x.mmoe.json', '--out', 'rows.parquet')).toMatchObject({ code: 0 });
    expect(await lastColumns(workspace.path('rows.parquet'), table.tasks.length + 1)).toEqual(told(table));

    expect(await workspace.mmoe('train', 'x.mmoe.json', '--name', 'run')).toMatchObject({ code: 0 });
    const sources = [elsewhere.source].flat();
    expect(await workspace.mmoe('predict', 'run', '--out', 'one.csv')).toMatchObject({ code: 0 });
    expect(await workspace.mmoe('predict', 'run', ...sources, '--out', 'other.csv')).toMatchObject({
      code: 0,
    });
    const predicted = await readFile(workspace.path('one.csv'), 'utf8');
    expect(predicted.trimEnd().split('\n')).toHaveLength(table.rows + 1);
    expect(await readFile(workspace.path('other.csv'), 'utf8')).toBe(predicted);
  },
);

/** The labels and the split of each row that is used, in order, as `mmoe data` tells them. */
function told(table: Table): unknown[][] {
  const parts = partsOf(table);
  const split = new Map(
    (['train', 'validation', 'test'] as const).flatMap((part) =>
      (parts[part] ?? []).map((row): [number, string] => [row, part]),
    ),
  );
  const labels = table.tasks.map((task) => labelsOf(table, task, new Set(split.keys())));
  return [...split.keys()]
    .sort((row, next) => row - next)
    .map((row) => [
      ...labels.map(({ classes, values }) => {
        const value = values[row]!;
        if (Number.isNaN(value)) return null;
        return classes === null ? value : classes[value];
      }),
      split.get(row),
    ]);
}

/** The rows of a Parquet file, with its last columns only. */
async function lastColumns(path: string, count: number): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(`select * from read_parquet(${literal(path)})`);
  const rows = reader.getRows().map((row) => row.slice(-count));
  connection.closeSync();
  instance.closeSync();
  return rows;
}
