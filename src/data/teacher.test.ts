import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFile, open } from 'node:fs/promises';
import type { ExperimentInput } from '../experiment/schema.js';
import { csv, TempWorkspace } from './temp-workspace.fixture.js';
import { readPreparedData, writePreparedData } from './write/rows-file.js';

/** Every sixth row has no label, every seventh no prediction. */
const columns = {
  x: (row: number) => Math.sin(row).toFixed(3),
  click: (row: number) => (row % 6 === 5 ? '' : Number(row % 3 === 0)),
  price: (row: number) => (row % 6 === 5 ? '' : row),
  tutor: (row: number) => (row % 7 === 6 ? '' : (row % 10) / 10),
  guess: (row: number) => (row % 7 === 6 ? '' : row + 2),
};
const rows = 120;

let workspace: TempWorkspace;
beforeAll(async () => {
  workspace = await TempWorkspace.create({
    't.csv': csv(rows, columns),
    'own.csv': csv(rows, { x: columns.x, click: columns.click, price: columns.price }),
    'wild.csv': csv(rows, { ...columns, tutor: (row) => (row === 40 ? 1.5 : 0.5) }),
    'endless.csv': csv(rows, { ...columns, guess: (row) => (row === 41 ? 'Infinity' : 1) }),
  });
});
afterAll(() => workspace.remove());

const experiment = (over: Partial<ExperimentInput> = {}): ExperimentInput => ({
  data: { source: 't.csv', validation: 0, test: 0 },
  tasks: [
    { label: 'click', teacher: 'tutor' },
    { label: 'price', kind: 'regression', teacher: { value: 'guess', weight: 0.25 } },
  ],
  ...over,
});

const number = (value: string | number): number => (value === '' ? NaN : Number(value));
const mixed = (label: number, teacher: number, weight: number): number =>
  Number.isNaN(label) ? teacher : Number.isNaN(teacher) ? label : (1 - weight) * label + weight * teacher;

describe('a teacher', () => {
  it('is mixed into what training rows are taught, and leaves their labels', async () => {
    const { train, tasks, encoder } = await workspace.prepare(experiment());
    const [, price] = tasks;
    expect(encoder.numeric.map(({ name }) => name)).toEqual(['x']);
    const near = (value: number | undefined, wanted: number): void =>
      expect(value).toEqual(Number.isNaN(wanted) ? NaN : expect.closeTo(wanted, 5));
    for (let row = 0; row < rows; row++) {
      const [click, amount] = [number(columns.click(row)), number(columns.price(row))];
      const scaled = (value: number) => (value - price!.offset) / price!.factor;
      expect(train.labels[2 * row]).toEqual(click);
      near(train.labels[2 * row + 1], scaled(amount));
      near(train.targets![2 * row], mixed(click, number(columns.tutor(row)), 0.5));
      near(train.targets![2 * row + 1], scaled(mixed(amount, number(columns.guess(row)), 0.25)));
    }
  });

  it('teaches training rows only, and validation rows of a table without it are as they were', async () => {
    const prepared = await workspace.prepare(
      experiment({ data: { source: 't.csv', validation: { source: 'own.csv' }, test: 0.25 } }),
    );
    expect(prepared.train.targets).toHaveLength(2 * prepared.train.rows);
    expect(prepared.validation!.targets).toBeUndefined();
    expect(prepared.test!.targets).toBeUndefined();
  });

  it('changes the fingerprint, and survives the file that trainers share', async () => {
    const data = await workspace.prepare(experiment());
    const without = await workspace.prepare(
      experiment({
        tasks: [{ label: 'click' }, { label: 'price', kind: 'regression' }],
        columns: { tutor: 'ignore', guess: 'ignore' },
      }),
    );
    expect(without.train.targets).toBeUndefined();
    expect(data.fingerprint).not.toBe(without.fingerprint);
    const file = await open(workspace.path('rows'), 'w+');
    writePreparedData(file.fd, data);
    expect(readPreparedData(file.fd).train).toEqual(data.train);
    await file.close();
    expect((await readFile(workspace.path('rows'))).length).toBeGreaterThan(0);
  });

  it.each([
    ['wild.csv', /no probability; it must lie from 0 to 1/, 41],
    ['endless.csv', /is not a finite number/, 42],
  ])('of %s is refused with its row', async (source, says, row) => {
    const wrong = experiment({ data: { source, validation: 0, test: 0 } });
    await expect(workspace.prepare(wrong)).rejects.toMatchObject({
      message: expect.stringMatching(says) as string,
      place: { row },
    });
  });

  it.each([
    ["case when x > 0 then 'a' end", /teacher .* of task "click" is VARCHAR; it must be a number/],
    ['nobody', /teacher of task "click": t.csv has no column "nobody"/],
  ])('%s is refused', async (teacher, says) => {
    await expect(workspace.prepare(experiment({ tasks: [{ label: 'click', teacher }] }))).rejects.toThrow(
      says,
    );
  });

  it('cannot teach several classes', async () => {
    const tasks = [{ label: 'cast(x * 3 as integer)::varchar', teacher: 'tutor' }];
    await expect(workspace.prepare(experiment({ tasks }))).rejects.toThrow(
      /cannot say how likely each class is; only binary tasks and regressions have a teacher/,
    );
  });
});
