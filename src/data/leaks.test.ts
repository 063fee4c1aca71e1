import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseExperiment } from '../experiment/load.js';
import type { ExperimentInput } from '../experiment/schema.js';
import { checkData } from './check.js';
import { describeSource } from './decide/describe.js';
import { leaksOf } from './leaks.js';
import { csv, TempWorkspace } from './temp-workspace.fixture.js';

const noise = (row: number): number => ((row * 7919) % 499) / 499;
const clicked = (row: number): number => Number(noise(row + 17) > 0.6);
const columns = {
  x: (row: number) => noise(row).toFixed(3),
  minutes: (row: number) => (clicked(row) ? (1 + 20 * noise(3 * row)).toFixed(2) : ''),
  outcome_code: (row: number) => `${clicked(row) ? 'A' : 'B'}${row % 3}`,
  user_id: (row: number) => 1000 + (row % 83),
  spent_cents: (row: number) => Math.round(5000 * noise(row + 5)),
  clicked,
  species: (row: number) => ['ant', 'bee', 'cow', 'dog'][(row * 7) % 4]!,
  legs: (row: number) => [6, 8, 4, 7][(row * 7) % 4]! + noise(row) / 10,
  full_name: (row: number) => `name ${row % 390}`,
  spent: (row: number) => (Math.round(5000 * noise(row + 5)) / 100).toFixed(2),
};
// The rows were sorted by what is to be learned, and have been shuffled since; some were removed.
const indexed = (name: string): string =>
  csv(400, {
    [name]: (row) => (row * 389) % 499,
    x: (row) => noise(row),
    z: (row) => ((row * 389) % 499) ** 2,
  });

let workspace: TempWorkspace;
beforeAll(async () => {
  workspace = await TempWorkspace.create({
    't.csv': csv(400, columns),
    'index.csv': indexed(''),
    'unnamed.csv': indexed('Unnamed: 0'),
    'parquet-index.csv': indexed('__index_level_0__'),
    'count.csv': indexed('count'),
  });
});
afterAll(() => workspace.remove());

async function warnings(input: ExperimentInput): Promise<string[]> {
  const { experiment } = parseExperiment(JSON.stringify(input), 'x.mmoe.json');
  const { problems } = await checkData(experiment!, workspace.options);
  return problems.map(({ message }) => message);
}
const experiment = (label: string, more: Partial<ExperimentInput> = {}): ExperimentInput => ({
  data: { source: 't.csv', validation: 0.1, test: 0 },
  tasks: [{ label }],
  ...more,
});

describe('a feature that alone gives the label away', () => {
  it('is suspected: by its missing values, by its categories, by its numbers', async () => {
    const click = (await warnings(experiment('clicked'))).join('\n');
    expect(click).toMatch(
      /feature "minutes" alone predicts "clicked" nearly perfectly \(AUC 1\.0000\): it is missing exactly where "clicked" is 0/,
    );
    expect(click).toMatch(/feature "outcome_code" alone predicts "clicked"/);
    expect(click).not.toMatch(/feature "(x|user_id|spent|spent_cents)"/);
    const spent = (await warnings(experiment('spent'))).join('\n');
    expect(spent).toMatch(/feature "spent_cents" alone predicts "spent" nearly perfectly \(R² 1\.0000\)/);
    expect(spent).not.toMatch(/feature "(x|user_id|minutes)"/);
  });

  it('is suspected for classes, whatever the order of its numbers', async () => {
    const text = (await warnings(experiment('species'))).join('\n');
    expect(text).toMatch(/feature "legs" alone predicts "species" nearly perfectly \(AUC (1|0\.99)/);
    expect(text).not.toMatch(/feature "(x|spent|minutes|outcome_code)" alone/);
  });

  it('is written to the run, too', async () => {
    const leaks = leaksOf(await workspace.prepare(experiment('clicked')));
    expect(leaks).toContainEqual({
      ...{ task: 'clicked', feature: 'minutes', metric: 'auc', value: 1, missing: { side: '0' } },
    });
  });

  it('is not suspected when it is left out', async () => {
    const columns = { minutes: 'ignore', outcome_code: 'ignore' } as const;
    expect((await warnings(experiment('clicked', { columns }))).join('\n')).not.toContain('alone predicts');
  });
});

it('a label with nearly as many classes as rows is warned of', async () => {
  const tasks: ExperimentInput['tasks'] = [{ label: 'full_name', kind: 'multiclass' }];
  expect((await warnings({ ...experiment('full_name'), tasks })).join('\n')).toMatch(
    /label "full_name" has 3\d\d classes for 360 training rows that have it: hardly any class/,
  );
  expect((await warnings(experiment('species'))).join('\n')).not.toContain('hardly any');
});

describe('ids of the test rows', () => {
  it('that are in training, too, are told of once, with a split that keeps them together', async () => {
    const data = (test: string | number): ExperimentInput['data'] => ({
      ...{ source: 't.csv', validation: 0, test: typeof test === 'string' ? { where: test } : test },
    });
    const text = await warnings({ ...experiment('clicked'), data: data(0.2) });
    expect(text.filter((line) => line.startsWith('most test rows'))).toEqual([
      expect.stringMatching(/^most test rows have an id that training rows have, too: "user_id" \(\d/),
    ]);
    const advised = /"where":"(.*)"\}$/.exec(text.find((line) => line.startsWith('most test'))!)![1]!;
    const apart = await warnings({
      ...experiment('clicked'),
      data: data(JSON.parse(`"${advised}"`) as string),
    });
    expect(apart.join('\n')).not.toContain('most test rows');
  });
});

describe('the number of a row', () => {
  it.each([
    ['index.csv', 'column0'],
    ['unnamed.csv', 'Unnamed: 0'],
    ['parquet-index.csv', '__index_level_0__'],
  ])('in %s is warned of, and left out by "defaults": 2 and in new experiments', async (source, name) => {
    const data = { source, validation: 0, test: 0 } as const;
    const before = await workspace.prepare(experiment('z', { data }));
    expect(before.encoder.numeric.map((column) => column.name)).toEqual([name, 'x']);
    expect(before.warnings.join('\n')).toContain(
      `column "${name}" is a feature, and seems to be the number of a row`,
    );
    const now = await workspace.prepare(experiment('z', { data, defaults: 2 }));
    expect(now.encoder.numeric.map((column) => column.name)).toEqual(['x']);
    expect(now.warnings.join('\n')).toContain(`column "${name}" is left out: the number of a row`);
    const described = await describeSource(source, workspace.options);
    expect(described.columns[0]).toMatchObject({ name, kind: 'ignored' });
  });

  it('is no number that is called otherwise, and no id that repeats', async () => {
    const data = { source: 'count.csv', validation: 0, test: 0 } as const;
    const count = await workspace.prepare(experiment('z', { data, defaults: 2 }));
    expect(count.encoder.numeric.map((column) => column.name)).toEqual(['count', 'x']);
    const users = await workspace.prepare(experiment('clicked', { defaults: 2 }));
    expect(users.encoder.categorical.map((column) => column.name)).toContain('user_id');
  });
});
