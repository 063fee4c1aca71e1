import { expect, it } from 'vitest';
import { seededUniform } from '../../../network/draws/random.js';
import { scaleParts, type ScaleParts } from '../../../experiment/schema/columns.js';
import { fitColumns } from '../fit-columns.js';
import { departsFromLine } from './lack-of-fit.js';
import type { LabelsOfRows } from './target-edges.js';

const rows = 4000;

interface Random {
  readonly uniform: () => number;
  readonly normal: () => number;
}

function randomOf(seed: number): Random {
  const uniform = seededUniform(seed, 'lack of fit');
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

/** Numbers between −1 and 1, and whether labels made of them are found to depart from a line. */
function departs(
  label: (x: number, random: Random) => number,
  { classes = null, seed = 1, scaled = (x: number) => x }: Made = {},
): boolean {
  const random = randomOf(seed);
  const numbers = Float64Array.from({ length: rows }, () => 2 * random.uniform() - 1);
  const values = numbers.map((x) => label(x, random));
  const sorted = numbers.filter((x) => !Number.isNaN(x)).sort();
  return departsFromLine({ numbers, sorted, scaled }, every(rows), [{ classes, values }]);
}

interface Made {
  readonly classes?: number | null;
  readonly seed?: number;
  readonly scaled?: (x: number) => number;
}

const every = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, row) => row);
const chance = (random: Random, share: number): number => (random.uniform() < share ? 1 : 0);

it('tells a curve from a line, for numbers and for classes', () => {
  expect(departs((x) => 3 * x + 2)).toBe(false);
  expect(departs((x, random) => x + random.normal())).toBe(false);
  expect(departs((x, random) => x * x + random.normal())).toBe(true);
  expect(departs((x, random) => Math.sin(6 * x) + 3 * random.normal())).toBe(true);
  expect(departs((x, random) => chance(random, 0.5 + 0.3 * x), { classes: 2 })).toBe(false);
  expect(departs((x, random) => chance(random, 0.2 + 0.6 * x * x), { classes: 2 })).toBe(true);
  // The middle class alone is where the number is: no class rises along it as a line would.
  expect(departs((x) => Math.floor(Math.abs(x) * 2.999), { classes: 3 })).toBe(true);
});

it('judges the line of the number as it enters the network', () => {
  const cubed = { scaled: (x: number) => x ** 3 };
  expect(departs((x, random) => x ** 3 + 0.2 * random.normal(), cubed)).toBe(false);
  expect(departs((x, random) => x ** 3 + 0.2 * random.normal())).toBe(true);
});

it('takes no noise for a curve', () => {
  const found = Array.from({ length: 300 }, (_, seed) =>
    departs((x, random) => 0.3 * x + random.normal(), { seed }),
  );
  expect(found.filter(Boolean)).toHaveLength(0);
  const ofClasses = Array.from({ length: 100 }, (_, seed) =>
    departs((_, random) => chance(random, 0.05), { seed, classes: 2 }),
  );
  expect(ofClasses.filter(Boolean)).toHaveLength(0);
});

it('says no where there is nothing to judge', () => {
  expect(departs(() => NaN)).toBe(false);
  expect(departs(() => 7)).toBe(false);
  const two = Float64Array.from({ length: 100 }, (_, i) => i % 2);
  const label: LabelsOfRows = { classes: null, values: two.map((x) => 5 * x) };
  const numbers = { numbers: two, sorted: two.slice().sort(), scaled: (x: number) => x };
  expect(departsFromLine(numbers, every(100), [label])).toBe(false);
});

it('leaves out rows without the number or the label, and finds the task that bends among others', () => {
  const random = randomOf(3);
  const numbers = Float64Array.from({ length: rows }, () => 2 * random.uniform() - 1);
  const bent = numbers.map((x, row) => (row % 4 === 0 ? x * x : NaN));
  const straight = numbers.map((x) => -x);
  numbers.forEach((_, row) => {
    if (row % 8 === 1) numbers[row] = NaN;
  });
  const sorted = numbers.filter((x) => !Number.isNaN(x)).sort();
  const given = { numbers, sorted, scaled: (x: number) => x };
  const tasks = [straight, bent].map((values) => ({ classes: null, values }));
  expect(departsFromLine(given, every(rows), tasks)).toBe(true);
  expect(departsFromLine(given, every(rows), tasks.slice(0, 1))).toBe(false);
});

it('lets pieces stand beside the numbers only that bend a label, where the scale says so', () => {
  const random = randomOf(5);
  const column = (): Float64Array => Float64Array.from({ length: rows }, () => random.normal());
  const numbers = new Map([
    ['line', column()],
    ['curve', column()],
  ]);
  numbers.get('line')![7] = NaN;
  const values = numbers.get('curve')!.map((x, row) => x * x + (numbers.get('line')![row] || 0));
  const fitted = (scale: ScaleParts) =>
    fitColumns(
      [...numbers.keys()].map((name) => ({ name, type: 'DOUBLE', why: '', use: 'numeric', scale })),
      [{ rows, numbers, texts: new Map(), free: () => undefined }],
      every(rows),
      new Float64Array(rows),
      [{ classes: null, values }],
    ).numeric.map(({ beside, indicator }) => [beside?.map(({ kind }) => kind) ?? [], indicator]);
  const scale: ScaleParts = { number: 'robust', edges: 'quantile', piecewise: 8, values: 10 };
  expect(fitted(scale)).toEqual([
    [['piecewise', 'values'], false],
    [['piecewise', 'values'], false],
  ]);
  // A number that stands alone says by an input of its own that it is missing.
  expect(fitted({ ...scale, beside: 'nonlinear' })).toEqual([
    [[], true],
    [['piecewise', 'values'], false],
  ]);
  expect(fitted({ ...scaleParts('robust'), beside: 'nonlinear' })).toEqual([
    [[], true],
    [[], false],
  ]);
});
