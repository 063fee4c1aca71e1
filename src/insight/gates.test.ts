import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LevelDescription } from '../network/description.js';
import { RouteStatistics } from './gates.js';
import { groupRows, type GroupedTask } from './groups.js';

const expert = { source: 0, layers: [2], activation: 'relu' } as const;
const gated: LevelDescription = {
  experts: [expert, expert],
  gates: [{ source: 0, experts: [0, 1], bias: false, temperature: 1 }],
  streams: [
    { name: 'a', task: 0, route: { kind: 'gate', gate: 0 } },
    { name: 'b', task: 1, route: { kind: 'fixed', weights: [1, 0] } },
  ],
};
const task = (name: string, kind: GroupedTask['kind'], classes: string[] | null = null): GroupedTask => ({
  name,
  kind,
  classes,
  offset: 0,
  factor: 1,
});

it('rows are grouped by the label of each task, in the order of the labels', () => {
  const labels = [Float32Array.of(1, 0, NaN, 1), Float32Array.of(2, 2, 0, 2)];
  const { groups, partitions } = groupRows(labels, [
    task('income', 'binary', ['low', 'high']),
    task('kind', 'multiclass'),
  ]);
  expect(groups).toEqual([
    { where: null, rows: 4 },
    { where: { task: 'income', label: 'low' }, rows: 1 },
    { where: { task: 'income', label: 'high' }, rows: 2 },
    { where: { task: 'kind', label: '0' }, rows: 1 },
    { where: { task: 'kind', label: '2' }, rows: 3 },
  ]);
  expect(partitions).toHaveLength(1);
  const { cellOf, groupsOf } = partitions[0]!;
  expect([...cellOf].map((cell) => groupsOf[cell])).toEqual([
    [0, 2, 4],
    [0, 1, 4],
    [0, 3],
    [0, 2, 4],
  ]);
});

it('rows of a regression are grouped about the median, told in the label’s own units', () => {
  const { groups } = groupRows(
    [Float32Array.of(0, 1, 2, NaN, 0)],
    [{ ...task('minutes', 'regression'), offset: 100, factor: 10 }],
  );
  expect(groups.slice(1)).toEqual([
    { where: { task: 'minutes', label: 'at most 100' }, rows: 2 },
    { where: { task: 'minutes', label: 'above 100' }, rows: 2 },
  ]);
});

it('of many classes the ten most frequent are looked at', () => {
  const labels = Float32Array.from({ length: 150 }, (_, row) => (row < 40 ? row % 20 : 10 + (row % 10)));
  const { groups } = groupRows([labels], [task('genre', 'multiclass')]);
  expect(groups.slice(1).map(({ where }) => where?.label)).toEqual([
    '10',
    '11',
    '12',
    '13',
    '14',
    '15',
    '16',
    '17',
    '18',
    '19',
  ]);
});

it('rows of many tasks lie in several partitions of few cells, and each group in one of them', () => {
  const rows = 500;
  const tasks = Array.from({ length: 9 }, (_, k) => task(`t${k}`, 'binary'));
  const labels = tasks.map((_, k) => Float32Array.from({ length: rows }, (_each, row) => (row >> k) & 1));
  const { groups, partitions } = groupRows(labels, tasks);
  expect(partitions.length).toBeGreaterThan(1);
  groups.forEach(({ where, rows: count }, group) => {
    const holding = partitions.filter(({ groupsOf }) => groupsOf.some((each) => each.includes(group)));
    expect(holding).toHaveLength(1);
    const members = [...holding[0]!.cellOf].map((cell) => holding[0]!.groupsOf[cell]!.includes(group));
    const k = tasks.findIndex(({ name }) => name === where?.task);
    expect(members).toEqual(
      Array.from({ length: rows }, (_, row) => where === null || String(labels[k]![row]) === where.label),
    );
    expect(members.filter(Boolean)).toHaveLength(count);
  });
});

it('statistics of routes are the same in any chunks, and as two passes over all rows give', () => {
  const value = fc.integer({ min: 0, max: 100 }).map((n) => n / 100);
  const row = fc.record({ a: value, label: fc.constantFrom(0, 1, NaN) });
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
      (rows, chunk) => {
        const grouping = groupRows([Float32Array.from(rows, ({ label }) => label)], [task('t', 'binary')]);
        const statistics = new RouteStatistics(gated, grouping);
        const routes = Float32Array.from(rows.flatMap(({ a }) => [a, 1 - a, 1, 0]));
        for (let first = 0; first < rows.length; first += chunk)
          statistics.add(routes.subarray(first * 4, (first + chunk) * 4), first);
        for (const group of statistics.report()) {
          const own = rows
            .filter(({ label }) => group.where === null || String(label) === group.where.label)
            .map(({ a }) => Math.fround(a));
          const mean = own.reduce((sum, a) => sum + a, 0) / own.length;
          const sd = Math.sqrt(own.reduce((sum, a) => sum + (a - mean) ** 2, 0) / own.length);
          const [first, second] = group.streams;
          expect(group.rows).toBe(own.length);
          expect(first!.mean[0]).toBeCloseTo(mean, 5);
          expect(first!.sd[0]).toBeCloseTo(sd, 5);
          const bins = Array.from(
            { length: 20 },
            (_, bin) => own.filter((a) => Math.min(19, Math.floor(a * 20)) === bin).length,
          );
          expect(first!.histogram![0]).toEqual(bins);
          expect(second).toEqual({ mean: [1, 0], sd: [0, 0] });
        }
      },
    ),
  );
});

it('routes that no row changes are told once, for all rows', () => {
  const fixed: LevelDescription = { ...gated, gates: [], streams: [gated.streams[1]!] };
  const statistics = new RouteStatistics(fixed, groupRows([Float32Array.of(0, 1)], [task('t', 'binary')]));
  statistics.add(Float32Array.of(1, 0, 1, 0), 0);
  expect(statistics.report()).toEqual([{ where: null, rows: 2, streams: [{ mean: [1, 0], sd: [0, 0] }] }]);
});

it('a gate that leaves experts out tells how many rows each has; one that weighs all does not', () => {
  const two: LevelDescription = {
    experts: [expert, expert, expert],
    gates: [
      { source: 0, experts: [0, 1], bias: false, temperature: 1 },
      { source: 0, experts: [0, 1, 2], bias: false, temperature: 1 },
    ],
    streams: [0, 1].map((gate) => ({ name: `t${gate}`, task: gate, route: { kind: 'gate', gate } })),
  };
  const statistics = new RouteStatistics(
    two,
    groupRows([Float32Array.of(0, 1, 1, 1)], [task('t', 'binary')]),
  );
  const seen = [0.5, 0.5, 0];
  statistics.add(
    Float32Array.from([...seen, 1, 0, 0, ...seen, 0, 0.3, 0.7, ...seen, 0.5, 0.5, 0, ...seen, 0.9, 0.1, 0]),
    0,
  );
  const [all, zeros] = statistics.report();
  expect(all!.streams.map(({ load }) => load)).toEqual([undefined, [0.75, 0.75, 0.25]]);
  expect(zeros!.streams.map(({ load }) => load)).toEqual([undefined, [1, 0, 0]]);
});
