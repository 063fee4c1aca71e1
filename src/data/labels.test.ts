import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentInput } from '../experiment/schema.js';
import { encodeSource } from './encode/encode-source.js';
import { labelCounts } from './label-counts.js';
import { csv, TempWorkspace } from './temp-workspace.fixture.js';

const columns = {
  x: (row: number) => Math.sin(row).toFixed(3),
  status: (row: number) => (row % 3 ? 'stays' : 'churned'),
  rank: (row: number) => (row % 4 ? 10 : 9),
  won: (row: number) => (row % 5 ? 'true' : 'false'),
  rated: (row: number) => (row % 2 ? '' : row % 8),
};

let workspace: TempWorkspace;
beforeAll(async () => {
  const holes = { ...columns, x: (row: number) => (row % 6 === 5 ? 'NaN' : columns.x(row)) };
  workspace = await TempWorkspace.create({ 't.csv': csv(120, columns), 'holes.csv': csv(120, holes) });
});
afterAll(() => workspace.remove());

const task = (label: string, positive?: string | number | boolean): ExperimentInput => ({
  data: { source: 't.csv', validation: 0, test: 0 },
  tasks: [{ label, ...(positive !== undefined && { positive }) }],
});

describe('which value is positive', () => {
  it.each([
    ['status', 'stays', 'churned', 1 / 3],
    ['rank', 10, 9, 1 / 4],
    ['won', true, false, 1 / 5],
    ["status = 'stays'", true, 'false', 1 / 3],
  ])('of %s can be chosen', async (label, usual, other, share) => {
    const plain = await workspace.prepare(task(label));
    const same = await workspace.prepare(task(label, usual));
    const turned = await workspace.prepare(task(label, other));
    expect(same.fingerprint).toBe(plain.fingerprint);
    expect(plain.tasks[0]!.classes).toEqual([String(other), String(usual)]);
    expect(turned.tasks[0]!.classes).toEqual([String(usual), String(other)]);
    expect(turned.tasks[0]!.positive).toBeCloseTo(share, 10);
    expect([...turned.train.labels]).toEqual([...plain.train.labels].map((one) => 1 - one));
  });

  it.each([
    ['status', 'left', /label "status" has no value "left" that could be positive; it has churned, stays/],
    ['rated', 4, /label "rated" makes a multiclass task, which has no positive value/],
    ['rank', '', /has no value ""/],
  ])('of %s cannot be %s', async (label, positive, says) => {
    await expect(workspace.prepare(task(label, positive))).rejects.toThrow(says);
  });
});

it('counts the labels of each task and part', async () => {
  const prepared = await workspace.prepare({
    data: { source: 't.csv', validation: { where: 'rank = 9' }, test: 0 },
    tasks: [{ label: 'status' }, { label: 'rated' }],
  });
  expect(labelCounts(prepared)).toEqual([
    { train: 90, validation: 30, test: 0 },
    { train: 30, validation: 30, test: 0 },
  ]);
});

describe('data.read.null says which numbers are missing', () => {
  const nan = "case when x % 6 = 5 then 'nan'::double else x end";
  const typed = `select x::double as a, ${nan} as b, ${nan} as c, case when x % 7 = 0 then -999 else x end as d,
    case when x % 6 = 5 then 'nan'::double else (x % 2)::double end as y, (x % 3)::double as z
    from range(120) t(x)`;
  const experiment = (
    read: { null: string[] } | undefined,
    label: string,
    kind: 'binary' | 'regression',
  ): ExperimentInput => ({
    data: { source: { sql: typed }, validation: 0, test: 0, ...(read && { read }) },
    columns: { c: 'ignore' },
    tasks: [{ label, kind }],
  });

  it('in labels and features of tables that have types', async () => {
    const read = { null: ['NaN', '-999'] };
    const binary = await workspace.prepare(experiment(read, 'y', 'binary'));
    expect(binary.tasks[0]!.classes).toEqual(['0', '1']);
    expect(labelCounts(binary)).toEqual([{ train: 100, validation: 0, test: 0 }]);
    expect(binary.encoder.numeric.map(({ name, indicator }) => `${name} ${indicator}`)).toEqual([
      'a false',
      'b true',
      'd true',
      'z false',
    ]);
    const regression = await workspace.prepare(experiment(read, 'b', 'regression'));
    expect(labelCounts(regression)[0]!.train).toBe(100);
    for await (const { rows } of encodeSource(binary.encoder, { sql: typed }, { ...workspace.options, read }))
      expect(rows.numeric.every(Number.isFinite)).toBe(true);
  });

  it('and is advised where it is missed', async () => {
    await expect(workspace.prepare(experiment(undefined, 'y', 'binary'))).rejects.toThrow(
      /"nan" is not a finite number.*list it in data\.read\.null/,
    );
    await expect(workspace.prepare(experiment(undefined, 'z', 'regression'))).rejects.toThrow(
      /"nan" is not a finite number.*list it in data\.read\.null/,
    );
  });

  it('in text files, in any spelling', async () => {
    const prepared = await workspace.prepare({
      data: { source: 'holes.csv', read: { null: ['nan'] }, validation: 0, test: 0 },
      tasks: [{ label: 'status' }],
    });
    expect(prepared.encoder.numeric.find(({ name }) => name === 'x')!.indicator).toBe(true);
  });
});
