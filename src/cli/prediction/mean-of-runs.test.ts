import { expect, test } from 'vitest';
import type { TableColumn } from '../../data/duckdb/append-table.js';
import { meanOfRuns } from './mean-of-runs.js';

async function* parts(...of: TableColumn[][]): AsyncGenerator<TableColumn[]> {
  await Promise.resolve();
  yield* of;
}
const numbers = (name: string, ...values: number[]): TableColumn => ({
  name,
  values: Float64Array.from(values),
});
const tasks = [
  { name: 'click', kind: 'binary' as const, classes: ['0', '1'] },
  { name: 'genre', kind: 'multiclass' as const, classes: ['a', 'b'] },
];
const run = (click: number, a: number, kept: TableColumn[] = []): TableColumn[] => [
  ...kept,
  ...[numbers('click', click), { name: 'genre', values: [a > 0.5 ? 'a' : 'b'] }],
  ...[numbers('genre.a', a), numbers('genre.b', 1 - a)],
];

test('several runs predict their mean, its deviation, and the class that is likeliest in the mean', async () => {
  const user = { name: 'user', values: ['u1'] };
  const found: TableColumn[][] = [];
  const all = [parts(run(0.2, 0.55, [user])), parts(run(0.6, 0.1)), parts(run(0.7, 0.55))];
  for await (const part of meanOfRuns(all, tasks, 1)) found.push(part);
  expect(found).toHaveLength(1);
  const [columns] = found;
  expect(columns!.map(({ name }) => name)).toEqual([
    'user',
    'click',
    'click.sd',
    'genre',
    'genre.a',
    'genre.a.sd',
    'genre.b',
    'genre.b.sd',
  ]);
  const valueOf = (name: string) => columns!.find((column) => column.name === name)!.values[0];
  expect(valueOf('click')).toBeCloseTo(0.5, 12);
  // Deviations −.3, .1, .2: √(.14 / 2).
  expect(valueOf('click.sd')).toBeCloseTo(Math.sqrt(0.07), 12);
  expect([valueOf('genre'), valueOf('user')]).toEqual(['b', 'u1']);
});

test('runs that are given other rows are a failure', async () => {
  const all = [parts(run(0.1, 0.2)), parts(run(0.1, 0.2), run(0.1, 0.2))];
  const rows: unknown[] = [];
  await expect(async () => {
    for await (const part of meanOfRuns([all[1]!, all[0]!], tasks, 0)) rows.push(part);
  }).rejects.toThrow('other rows');
});
