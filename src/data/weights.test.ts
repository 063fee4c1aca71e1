import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExperimentInput } from '../experiment/schema.js';
import { csv, TempWorkspace } from './temp-workspace.fixture.js';

/** Every third row of `all.csv` weighs nothing and holds values far from all others; `some.csv` lacks these. */
const columns = (wild: (row: number) => boolean): Record<string, (row: number) => string | number> => ({
  x: (row) => (wild(row) ? 1e6 : Math.sin(row)),
  gap: (row) => (wild(row) ? '' : row % 7),
  city: (row) => (wild(row) ? `nowhere ${row % 4}` : ['Bonn', 'Kiel', 'Ulm'][row % 5 > 2 ? 0 : row % 3]!),
  bought: (row) => (wild(row) ? 1 : Number(Math.sin(row) + Math.sin(3 * row) > 0)),
  spent: (row) => (wild(row) ? -1e9 : row % 11),
  mood: (row) => (wild(row) ? 'odd' : row % 2 ? 'good' : 'bad'),
  weight: (row) => (wild(row) ? 0 : 1 + (row % 2) / 2),
  part: (row) => ['train', 'train', 'validation', 'train', 'test'][row % 5]!,
});
const isWild = (row: number): boolean => row % 3 === 1;

let workspace: TempWorkspace;
beforeAll(async () => {
  const all = csv(300, columns(isWild));
  const some = all.split('\n').filter((_, line) => line === 0 || !isWild(line - 1));
  workspace = await TempWorkspace.create({ 'all.csv': all, 'some.csv': some.join('\n') });
});
afterAll(() => workspace.remove());

const experiment = (
  source: string,
  data: Partial<ExperimentInput['data']> = {},
  tasks: ExperimentInput['tasks'] = [{ label: 'bought' }, { label: 'spent' }, { label: 'mood' }],
): ExperimentInput => ({
  data: { source, weight: 'weight', ...data },
  columns: { part: 'ignore' },
  tasks,
});

it.each<[string, (source: string) => Partial<ExperimentInput['data']>]>([
  ['shares', () => ({ validation: 0.2, test: 0.1 })],
  ['conditions', () => ({ validation: { where: "part = 'validation'" }, test: { where: "part = 'test'" } })],
  [
    'a condition beside',
    () => ({ where: "part <> 'test' or x > 0", test: { from: 'validation', fraction: 0.5 } }),
  ],
  ['a source of its own', (source) => ({ validation: { source }, test: 0 })],
])('rows of weight 0 are as if they were not there: %s', async (_, splits) => {
  const all = await workspace.prepare(experiment('all.csv', splits('all.csv')));
  const some = await workspace.prepare(experiment('some.csv', splits('some.csv')));
  expect(all.encoder).toEqual(some.encoder);
  expect(all.fingerprint).toBe(some.fingerprint);
  expect([all.train, all.validation, all.test]).toEqual([some.train, some.validation, some.test]);
  expect(all.warnings.join('\n')).toContain('rows have a weight of 0, and are left out of everything');
  expect(some.warnings.join('\n')).not.toContain('weight of 0');
});

it('rows of weight 0 have no say in what a column is, also where a condition leaves them out', async () => {
  const number = (row: number): number => row + 1;
  const source = csv(24, {
    number,
    bought: (row) => row % 2,
    size: (row) => row % 5,
    weight: (row) => (row < 4 ? 0 : 1),
  });
  await workspace.write('numbered.csv', source);
  const namesOf = async (data: Partial<ExperimentInput['data']>): Promise<string[]> => {
    const tasks = [{ label: 'bought' }];
    const { encoder } = await workspace.prepare({
      data: { source: 'numbered.csv', validation: 0, test: 0, ...data },
      tasks,
    });
    return encoder.numeric.map(({ name }) => name);
  };
  expect(await namesOf({})).toEqual(['size', 'weight']);
  expect(await namesOf({ weight: 'weight' })).toEqual(['number', 'size']);
  expect(await namesOf({ weight: 'weight', where: 'number > 4' })).toEqual(['number', 'size']);
});

it('a weight is only asked of the rows that a condition leaves', async () => {
  const source = csv(60, {
    x: (row) => row % 9,
    bought: (row) => row % 2,
    w: (row) => (row % 3 ? 'a1' : row + 1),
  });
  await workspace.write('odd.csv', source);
  const { train } = await workspace.prepare({
    data: { source: 'odd.csv', where: "w <> 'a1'", weight: 'w::double', validation: 0, test: 0 },
    tasks: [{ label: 'bought' }],
  });
  expect(train.rows).toBe(20);
});

it('other weights change losses and metrics only', async () => {
  const weighted = await workspace.prepare(experiment('some.csv'));
  const plain = await workspace.prepare(experiment('some.csv', { weight: '1' }));
  expect(weighted.encoder.tasks).toEqual(plain.encoder.tasks);
  expect(weighted.encoder.numeric.find(({ name }) => name === 'x')).toEqual(
    plain.encoder.numeric.find(({ name }) => name === 'x'),
  );
});

it('weights that leave one class, no label or no row are refused', async () => {
  const failure = (weight: string, test: ExperimentInput['data']['test'] = 0.1): Promise<string> =>
    workspace.prepare(experiment('all.csv', { weight, test })).then(
      () => 'no error',
      (error: unknown) => String(error),
    );
  expect(await failure('(bought = 1)::int')).toContain(
    'the label of task "bought" has the same value, 1, in all rows that have one of all.csv',
  );
  expect(await failure('(x > 1e7)::int')).toContain(
    'weight "(x > 1e7)::int" is 0 in every row of all.csv; there is nothing to learn',
  );
  expect(await failure("(part <> 'test' or bought = 1)::int", { where: "part = 'test'" })).toMatch(
    /task "bought" has only the label 1 in its \d+ test rows/,
  );
  expect(await failure("(part = 'test' or mood = 'good')::int", { where: "part = 'test'" })).toMatch(
    /task "mood" has only the label good in its \d+ training rows; .*rows of weight 0 do not count/,
  );
  expect(await failure('-weight')).toContain('this weight is negative');
});

it('are not among the rows that are written out', async () => {
  const { writeExperimentRows } = await import('./write/experiment-rows.js');
  const { loadExperiment } = await import('../experiment/load.js');
  const path = await workspace.write('x.mmoe.json', JSON.stringify(experiment('all.csv')));
  const written = await writeExperimentRows(
    await loadExperiment(path, []),
    workspace.options,
    workspace.path('out.csv'),
  );
  expect(written.rows).toBe(200);
});

it('rows of weight 0 have no say in what a column is', async () => {
  // Only they have fractions, texts that repeat, and a value in the third column.
  const columns = (isAll: boolean): Record<string, (row: number) => string | number> => ({
    user_id: (row) => (row % 3 === 0 ? row % 7 : 1000 + row),
    name: (row) => (row % 3 === 0 ? 'nobody' : `n${row}`),
    once: (row) => (row % 3 === 0 ? row % 5 : ''),
    kept: (row) => row % 9,
    y: (row) => row % 2,
    w: (row) => (isAll && row % 3 === 0 ? 0 : 1),
  });
  const all = csv(300, columns(true));
  await workspace.write('zeros.csv', all);
  await workspace.write(
    'none.csv',
    all
      .split('\n')
      .filter((_, line) => line === 0 || (line - 1) % 3 > 0)
      .join('\n'),
  );
  const prepare = (source: string) =>
    workspace.prepare({ data: { source, weight: 'w', validation: 0, test: 0 }, tasks: [{ label: 'y' }] });
  const [zeros, none] = [await prepare('zeros.csv'), await prepare('none.csv')];
  expect(none.encoder.numeric.map(({ name }) => name)).toEqual(['kept']);
  expect(zeros.encoder.numeric.map(({ name }) => name)).toEqual(['kept']);
  expect(zeros.encoder.categorical).toEqual(none.encoder.categorical);
});
