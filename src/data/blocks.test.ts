import { afterEach, beforeEach, expect, it } from 'vitest';
import { csv, TempWorkspace } from './temp-workspace.fixture.js';

let workspace: TempWorkspace;
beforeEach(async () => {
  workspace = await TempWorkspace.create();
});
afterEach(() => workspace.remove());

const columns = 60;
const numberOf = (row: number, column: number): number => row + column / 10;
const cityOf = (row: number): string =>
  row % 11 === 0 ? '' : row > 15_000 && row % 4 === 1 ? 'late' : `c${(row * 7) % 13}`;

/** Wide enough that some thousand rows are a block. */
const wide = (rows: number): string =>
  csv(rows, {
    ...Object.fromEntries(
      Array.from({ length: columns }, (_, column) => [`x${column}`, (row: number) => numberOf(row, column)]),
    ),
    city: cityOf,
    weight: (row) => 1 + (row % 3),
    odd: (row) => row % 2,
    age: (row) => (row + 0.5) / 3,
    part: (row) => (row % 5 === 0 ? 'test' : 'train'),
  });

it('keeps every row of a table of several blocks whole, in every part', async () => {
  const rows = 20_000;
  await workspace.write('wide.csv', wide(rows));
  await workspace.write('other.csv', wide(9000));
  const names = Array.from({ length: columns }, (_, column) => `x${column}`);
  const data = await workspace.prepare({
    data: {
      source: 'wide.csv',
      where: 'x0 <> 5',
      weight: 'weight',
      validation: { where: "part = 'test'" },
      test: { source: 'other.csv' },
    },
    columns: Object.fromEntries(names.map((name) => [name, { kind: 'numeric', scale: 'none' }])),
    tasks: [{ label: 'odd' }],
  });
  const { encoder, train, validation, test } = data;
  const width = columns + 1;
  const [city] = encoder.categorical;
  expect(encoder.categorical.map(({ name }) => name)).toEqual(['city']);
  const expected = {
    train: Array.from({ length: rows }, (_, row) => row).filter((row) => row !== 5 && row % 5 !== 0),
    validation: Array.from({ length: rows }, (_, row) => row).filter((row) => row !== 5 && row % 5 === 0),
    test: Array.from({ length: 9000 }, (_, row) => row).filter((row) => row !== 5),
  };
  for (const [part, found] of [
    ['train', train],
    ['validation', validation!],
    ['test', test!],
  ] as const) {
    const wanted = expected[part];
    expect(found.rows).toBe(wanted.length);
    const wrong = wanted.filter((row, i) => {
      const numbers = found.numeric.subarray(i * width, i * width + columns);
      return (
        numbers.some((value, column) => value !== Math.fround(numberOf(row, column))) ||
        (city!.values.at(found.categorical[i]! - 1) ?? '') !== cityOf(row) ||
        found.labels[i] !== row % 2 ||
        found.weights![i] !== 1 + (row % 3)
      );
    });
    expect(wrong).toEqual([]);
  }
  const ages = expected.train.map((row) => (row + 0.5) / 3);
  const mean = ages.reduce((sum, age) => sum + age, 0) / ages.length;
  const deviation = Math.sqrt(ages.reduce((sum, age) => sum + (age - mean) ** 2, 0) / ages.length);
  const { kind, ...scale } = encoder.numeric.at(-1)!.scale;
  expect(kind).toBe('standard');
  expect(scale).toEqual({
    mean: expect.closeTo(mean, 6) as number,
    deviation: expect.closeTo(deviation, 6) as number,
  });
});
