import { readFile, rename, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Workspace } from './program.js';

const levels = [
  'Children',
  'High school graduate',
  'Bachelors degree(BA AB BS)',
  'Masters degree(MA MS MEng MEd MSW MBA)',
];
const marital = ['Never married', 'Divorced'];

/** A row like those of Census-Income, whose labels depend on age and weeks worked. */
function row(i: number): string {
  const age = (i * 37) % 91;
  const weeks = (i * 53) % 53;
  const cells = Array.from({ length: 42 }, (_, column) => `c${(i * (column + 7)) % 3}`);
  cells[0] = String(age);
  cells[4] = levels[(age + i) % levels.length]!;
  cells[7] = marital[Number((i * 13) % 91 < age)]!;
  cells[24] = '1700.09';
  cells[39] = String(weeks);
  cells[41] = weeks + (i % 20) > 45 ? '50000+.' : '- 50000.';
  return cells.join(', ');
}
const rows = (count: number, seed: number): string =>
  `${Array.from({ length: count }, (_, i) => row(i + seed)).join('\n')}\n`;

test('tables 1 and 2 tune every method and stand beside the paper’s, and say which files they need', async () => {
  const workspace = await Workspace.create({});
  const files = {
    train: workspace.path('census-income.data.gz'),
    test: workspace.path('census-income.test'),
  };
  const missing = await workspace.mmoe('paper', 'table1');
  expect(missing.code).toBe(2);
  expect(missing.stderr).toMatch(
    /needs Census-Income.*census-income.data \(or census-income.data.gz\) and census-income.test/,
  );
  const whole = rows(199_523, 0);
  await writeFile(files.test, rows(99_762, 5));
  await writeFile(
    files.train,
    gzipSync(whole.slice(0, whole.lastIndexOf('\n', whole.length - 2) + 1), { level: 1 }),
  );
  expect((await workspace.mmoe('paper', 'table1')).stderr).toMatch(
    /has 199,522 rows, and the paper's has 199,523/,
  );
  await writeFile(files.train, gzipSync(whole.replace(', ', ' '), { level: 1 }));
  expect((await workspace.mmoe('paper', 'table2')).stderr).toMatch(
    /a row has 41 columns.*census-income.data.gz:1/,
  );
  await writeFile(files.train, gzipSync(whole, { level: 1 }));

  // A few rows are enough to see that all of it is there.
  const small = [
    '--parallel',
    '1',
    '--trials',
    '1',
    '--seeds',
    '2',
    '--set',
    'training.epochs=1',
    '--set',
    'data.where=age % 30 = 0',
    '--set',
    'data.test.where=age % 30 = 0',
  ];
  const { code, stdout, stderr } = await workspace.mmoe('paper', 'table2', ...small);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('"epochs":1');
  for (const method of ['single-task', 'l2-constrained', 'tensor-factorization', 'mmoe'])
    expect(stdout).toMatch(new RegExp(`^${method} +0\\.\\d{4} +0\\.\\d{4} +0\\.\\d{4} +0\\.\\d{4}`, 'm'));
  expect(stdout).toMatch(/^mmoe .* 0\.8860 .* 0\.8826 /m);
  expect(stdout).toMatch(/on the main task, tensor factorization is the worst +(holds|fails|cannot tell)/);
  const runs = workspace.path('.mmoe/studies/paper table2/runs.jsonl');
  const lines = (await readFile(runs, 'utf8')).trimEnd().split('\n');
  expect(lines).toHaveLength(7 * 3);

  // Again, nothing is trained, wherever the files are.
  await workspace.write({ 'data/x': '' });
  await rename(files.train, workspace.path('data/census-income.data.gz'));
  await rename(files.test, workspace.path('data/census-income.test'));
  expect((await workspace.mmoe('paper', 'table2', ...small)).code).toBe(2);
  const moved = await workspace.mmoe('paper', 'table2', ...small, '--data', 'data');
  expect(moved).toMatchObject({ code: 0, stderr: '' });
});
