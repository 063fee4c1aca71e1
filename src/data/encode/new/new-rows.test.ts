import { expect, it } from 'vitest';
import type { ExperimentInput } from '../../../experiment/schema.js';
import { csv, TempWorkspace } from '../../temp-workspace.fixture.js';
import { encodeSource, type NewTable } from '../encode-source.js';
import { ValueCounts } from './value-counts.js';

const experiment: ExperimentInput = {
  data: { source: 'old.csv', weight: 'w', validation: 0, test: 0 },
  columns: { w: 'ignore', runtime: 'ignore' },
  tasks: [
    { name: 'long', label: 'minutes >= runtime', kind: 'binary' },
    { label: 'kind', kind: 'multiclass' },
    { label: 'price', kind: 'regression' },
  ],
};
const old = csv(40, {
  age: (row) => 20 + row / 2,
  city: (row) => ['Rome', 'Oslo', 'Bern'][row % 3]!,
  minutes: (row) => (row * 7) % 90,
  runtime: () => 45,
  kind: (row) => ['1', '2', '3'][row % 3]!,
  price: (row) => row % 5,
  w: (row) => 1 + (row % 2),
});

async function encoded(table: string, keep: readonly string[] = [], where?: string) {
  const workspace = await TempWorkspace.create();
  try {
    await workspace.write('old.csv', old);
    await workspace.write('new.csv', table);
    const { encoder } = await workspace.prepare(experiment);
    const counts = new ValueCounts(encoder);
    let seen: NewTable | null = null;
    const labels: number[] = [];
    const weights: (number | null)[] = [];
    const { tasks, data } = experiment;
    let leftOut = 0;
    for await (const { rows, leftOut: own } of encodeSource(encoder, 'new.csv', {
      ...workspace.options,
      ...{ batchRows: 2, counts, keep, labelled: { tasks, weight: data.weight, where } },
      onTable: (found) => (seen = found),
    })) {
      leftOut += own;
      labels.push(...rows.labels);
      weights.push(...(rows.weights ?? [null]));
    }
    const { offset, factor } = encoder.tasks[2]!;
    const prices = labels.filter((_, at) => at % 3 === 2).map((price) => price * factor + offset);
    return {
      ...{ found: counts.found(), weights, prices, leftOut },
      classes: labels.flatMap((label, at) => (at % 3 === 2 ? [] : [label])),
      table: seen as NewTable | null,
    };
  } finally {
    await workspace.remove();
  }
}

it('counts what training has not seen, by column: unseen, missing and far values', async () => {
  const rows = ['30,Rome', ',Atlantis', '99,', '31,Atlantis', '1,Ys'];
  const { found, table } = await encoded(`age,city\n${rows.join('\n')}\n`);
  expect(found).toEqual([
    {
      ...{ name: 'age', missing: 1, unseen: 0, examples: [] },
      outside: { low: 20, high: 39.5, values: 2, least: 1, most: 99 },
    },
    { name: 'city', missing: 1, unseen: 3, examples: ['Atlantis', 'Ys'] },
  ]);
  expect(table).toMatchObject({ rows: 5, labels: { unweighted: expect.stringMatching(/"w"/) as string } });
  expect(table?.labels?.absent).toEqual([
    expect.stringMatching(/no column "minutes"/),
    expect.stringMatching(/no column "kind"/),
    expect.stringMatching(/no column "price"/),
  ]);
});

it('reads labels and weights where the rows have them, as the network was taught them', async () => {
  // Whole numbers of another type, and a class that is unknown, are found or missing by what they mean.
  const { classes, prices, weights, table } = await encoded(
    'age,city,minutes,runtime,kind,price,w\n30,Rome,9,10,2.0,3.5,2\n31,Oslo,50,45,9.0,,0\n32,Bern,,45,3.0,1,1\n',
  );
  expect(table?.labels).toMatchObject({ absent: [null, null, null], unweighted: null });
  expect(classes).toEqual([0, 1, 1, NaN, NaN, 2]);
  expect(prices.map((price) => Math.round(price * 1e5) / 1e5)).toEqual([3.5, NaN, 1]);
  expect(weights).toEqual([2, 0, 1]);
});

it('does not compute a label with numbers that are read as texts because they are carried along', async () => {
  const table = 'age,city,minutes,runtime,kind,price,w\n30,Rome,9,10,2,3,-1\n';
  const { classes, table: seen } = await encoded(table, ['minutes', 'runtime', 'kind']);
  expect(seen?.labels?.absent).toEqual([expect.stringMatching(/computes with "minutes"/), null, null]);
  expect(classes).toEqual([NaN, 1]);
  expect(seen?.labels?.unweighted).toMatch(/negative/);
});

it('takes a column along and by its values, and a label, whatever it is read for besides', async () => {
  const workspace = await TempWorkspace.create();
  try {
    await workspace.write('old.csv', old);
    const { encoder } = await workspace.prepare(experiment);
    // As numbers, which have no codes as texts of a CSV file have.
    const source = { sql: "select * replace (kind::bigint as kind) from 'old.csv'" };
    const keep = ['age', 'kind', 'age', 'AGE', 'city', 'kind'];
    const labelled = { tasks: experiment.tasks, weight: undefined, where: undefined };
    const kept: (string | null)[][] = keep.map(() => []);
    for await (const batch of encodeSource(encoder, source, { ...workspace.options, keep, labelled }))
      batch.kept.forEach(({ values }, at) => kept[at]!.push(...values));
    expect(new Set(kept[1])).toEqual(new Set(['1', '2', '3']));
    for (const [one, other] of [
      [0, 2],
      [0, 3],
      [1, 5],
    ] as const)
      expect(kept[one]).toEqual(kept[other]);
  } finally {
    await workspace.remove();
  }
});

const some =
  'age,city,minutes,runtime,kind,price,w\n30,Rome,9,10,2,3,1\n31,Oslo,50,45,3,2,1\n32,Bern,5,45,3,,1\n';

it('gives rows that the condition of the experiment leaves out no labels, and counts them', async () => {
  // A category is text here as it was for training; a missing value meets nothing.
  for (const where of ["city <> 'Rome'", 'age > 30']) {
    const { classes, prices, leftOut, table } = await encoded(some, [], where);
    expect(table?.labels?.unfiltered).toBeNull();
    expect([leftOut, classes]).toEqual([1, [NaN, NaN, 1, 2, 0, 2]]);
    expect(prices).toEqual([NaN, expect.closeTo(2, 4), NaN]);
  }
  expect((await encoded(some, [], 'price > 0')).leftOut).toBe(1);
});

it('says why it cannot be told which rows meet the condition, and gives all their labels', async () => {
  const { classes, leftOut, table } = await encoded(some, [], "country = 'IT'");
  expect(table?.labels?.unfiltered).toMatch(/no column "country"/);
  expect([leftOut, classes]).toEqual([0, [0, 1, 1, 2, 0, 2]]);
  const carried = await encoded(some, ['price'], 'price > 0');
  expect(carried.table?.labels?.unfiltered).toMatch(/"price > 0" cannot be computed/);
});
