import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseExperiment } from '../experiment/load.js';
import type { ExperimentInput } from '../experiment/schema.js';
import { checkData } from './check.js';
import { describeSource } from './decide/describe.js';
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
      /feature "minutes is missing" alone predicts "clicked" nearly perfectly \(AUC 1\.0000\)/,
    );
    expect(click).toMatch(/feature "outcome_code" alone predicts "clicked"/);
    expect(click).not.toMatch(/feature "(x|user_id|spent|spent_cents)"/);
    const spent = (await warnings(experiment('spent'))).join('\n');
    expect(spent).toMatch(/feature "spent_cents" alone predicts "spent" nearly perfectly \(R² 1\.0000\)/);
    expect(spent).not.toMatch(/feature "(x|user_id|minutes)"/);
  });

  it('is not suspected when it is left out', async () => {
    const columns = { minutes: 'ignore', outcome_code: 'ignore' } as const;
    expect((await warnings(experiment('clicked', { columns }))).join('\n')).not.toContain('alone predicts');
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
