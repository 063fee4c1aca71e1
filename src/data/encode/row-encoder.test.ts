import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scaleParts, type ScaleName } from '../../experiment/schema/columns.js';
import { entriesOf, placeOf } from '../../network/fields/piecewise.js';
import { indexBeside } from './numbers/beside.js';
import { emptyInputs, RowEncoder, type EncodedInputs } from './row-encoder.js';
import { inputOf, inputWidth, numericNames, parseEncoder, type Encoder } from './encoder.js';
import { fitColumns, type ScaledColumn } from './fit-columns.js';
import { Texts } from '../texts/texts.js';
import type { RawColumns, RawTexts } from '../gather/selection-rows.js';

const scales: ScaleName[] = ['standard', 'minmax', 'log', 'quantile', 'none', 'robust'];
const planned = [
  ...scales.map(scaleParts),
  scaleParts('bins'),
  { number: 'robust', bins: 3, edges: 'quantile', values: 2 },
  { number: 'log', bins: 2, piecewise: 3, edges: 'target' },
  scaleParts('piecewise'),
  scaleParts('periodic'),
  { number: 'log', edges: 'quantile', bins: 2, periodic: 3, embedding: 2 },
] as const;
const number = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.integer({ min: -5, max: 5 }),
  fc.constant(NaN),
);
const word = fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'é', '__proto__', 'constructor'), { nil: null });

interface Table {
  readonly numbers: Record<string, number[]>;
  readonly texts: Record<string, (string | null)[]>;
}

const table = (rows: number): fc.Arbitrary<Table> => {
  const column = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
    fc.array(value, { minLength: rows, maxLength: rows });
  return fc.record({
    numbers: fc.record(Object.fromEntries(planned.map((_, i) => [`n${i}`, column(number)]))),
    texts: fc.record({ t0: column(word), t1: column(word) }),
  });
};
const rows = 12;

function raw({ numbers, texts }: Table): RawColumns {
  const coded = (values: (string | null)[]): RawTexts => {
    const different = [...new Set(values.filter((value) => value !== null))];
    return {
      values: Texts.from(different),
      codes: Uint8Array.from(values, (value) => (value === null ? 0 : different.indexOf(value) + 1)),
    };
  };
  return {
    rows,
    numbers: new Map(Object.entries(numbers).map(([name, values]) => [name, Float64Array.from(values)])),
    texts: new Map(Object.entries(texts).map(([name, values]) => [name, coded(values)])),
    free: () => undefined,
  };
}

const columns: ScaledColumn[] = [
  ...planned.map((scale, i): ScaledColumn => ({
    name: `n${i}`,
    type: 'DOUBLE',
    why: '',
    use: 'numeric',
    scale,
  })),
  {
    name: 't0',
    type: 'VARCHAR',
    why: '',
    use: 'categorical',
    encode: 'onehot',
    minCount: null,
    maxValues: null,
    shares: null,
    set: null,
  },
  {
    name: 't1',
    type: 'VARCHAR',
    why: '',
    use: 'categorical',
    encode: { embedding: 3 },
    minCount: 2,
    maxValues: null,
    shares: null,
    set: null,
  },
];
const allRows = Uint32Array.from({ length: rows }, (_, row) => row);
function encodeColumns(encoder: Encoder, columnsOf: RawColumns, wanted: Uint32Array): EncodedInputs {
  const inputs = emptyInputs(encoder, wanted.length);
  new RowEncoder(encoder, columnsOf.texts).encode(columnsOf, wanted, inputs);
  return inputs;
}

const fit = (values: Table): Encoder => ({
  format: 1,
  ...fitColumns(columns, [raw(values)], allRows.subarray(0, 8), new Float64Array(8), [
    { classes: 2, values: allRows.map((row) => row % 2) },
  ]),
  tasks: [],
});

it('an encoder read back from its file encodes identically', () => {
  fc.assert(
    fc.property(table(rows), table(rows), (train, others) => {
      const encoder = fit(train);
      const readBack = parseEncoder(JSON.stringify(encoder));
      for (const values of [train, others])
        expect(encodeColumns(readBack, raw(values), allRows)).toEqual(
          encodeColumns(encoder, raw(values), allRows),
        );
    }),
  );
});

it('missing and unseen values stay within each field, and all numbers are finite', () => {
  fc.assert(
    fc.property(table(rows), table(rows), (train, others) => {
      const encoder = fit(train);
      const { fields, numeric: width } = inputOf(encoder);
      const { numeric, categorical } = encodeColumns(encoder, raw(others), allRows);
      expect(numeric.length).toBe(rows * width);
      expect(numeric.every(Number.isFinite)).toBe(true);
      categorical.forEach((index, at) => {
        expect(index).toBeGreaterThanOrEqual(0);
        expect(index).toBeLessThan(entriesOf(fields[at % fields.length]!));
      });
    }),
  );
});

it('a periodic embedding is of the scaled number, not of the sign that it is missing', () => {
  fc.assert(
    fc.property(table(rows), (train) => {
      const encoder = fit(train);
      const { periodic } = inputOf(encoder);
      expect(periodic).toMatchObject([
        { name: `n${planned.length - 2}`, frequencies: 16, sigma: 0.1, width: 8 },
        { name: `n${planned.length - 1}`, frequencies: 3, sigma: 0.1, width: 2 },
      ]);
      for (const { name, column } of periodic!) expect(numericNames(encoder)[column]).toBe(name);
    }),
  );
});

it('only training rows teach the encoder', () => {
  fc.assert(
    fc.property(table(rows), table(rows), (one, other) => {
      const mixed: Table = {
        numbers: Object.fromEntries(
          Object.entries(one.numbers).map(([name, values]) => [
            name,
            [...values.slice(0, 8), ...other.numbers[name]!.slice(8)],
          ]),
        ),
        texts: Object.fromEntries(
          Object.entries(one.texts).map(([name, values]) => [
            name,
            [...values.slice(0, 8), ...other.texts[name]!.slice(8)],
          ]),
        ),
      };
      expect(fit(mixed)).toEqual(fit(one));
    }),
  );
});

it('scales as each scale says, takes the mean for what is missing and says that it was', () => {
  const numbers = {
    n0: [1, 3, NaN, 2, 2, 2, 2, 2],
    n1: [0, 10, 5, 5, 5, 5, 5, 5],
    n2: [0, 0, 0, 0, 0, 0, 0, Math.E - 1],
    n3: [1, 2, 3, 4, 5, 6, 7, 8],
    n4: [9, 0, 0, 0, 0, 0, 0, 0],
    n5: [0, 3, 3, 3, 3, 3, 4, 5],
    n6: [3, 3, 3, 3, 3, 3, 3, 3],
    n7: [3, 3, 3, 3, 3, 3, 3, 3],
    n8: [3, 3, 3, 3, 3, 3, 3, 3],
    n9: [3, 3, 3, 3, 3, 3, 3, 3],
    n10: [3, 3, 3, 3, 3, 3, 3, 3],
    n11: [3, 3, 3, 3, 3, 3, 3, 3],
  };
  const values: Table = {
    numbers: Object.fromEntries(
      Object.entries(numbers).map(([name, list]) => [name, [...list, ...list.slice(0, 4)]]),
    ),
    texts: { t0: Array<string>(12).fill('a'), t1: Array<string>(12).fill('a') },
  };
  const encoder = fit(values);
  expect(numericNames(encoder)).toEqual([
    'n0',
    'n0 is missing',
    'n1',
    'n2',
    'n3',
    'n4',
    'n5',
    'n6',
    'n7',
    'n8',
    'n9',
    'n10',
    'n11',
  ]);
  const { numeric } = encodeColumns(encoder, raw(values), allRows.subarray(0, 3));
  const deviation = Math.sqrt(2 / 7);
  // The quartiles of n5 are 3 and 3.25, its median is 3.
  const robust = -12 / Math.sqrt(1 + 16);
  const expected = [
    [-1 / deviation, 0, 0, -1 / 8 / Math.sqrt(7 / 64), 0, 9, robust, 0, 0, 0, 0, 0, 0],
    [1 / deviation, 0, 1, -1 / 8 / Math.sqrt(7 / 64), 1 / 7, 0, 0, 0, 0, 0, 0, 0, 0],
    [0, 1, 0.5, -1 / 8 / Math.sqrt(7 / 64), 2 / 7, 0, 0, 0, 0, 0, 0, 0, 0],
  ];
  expected.flat().forEach((value, i) => expect(numeric[i]).toBeCloseTo(value, 6));
});

it('orders a vocabulary by count, then by value, and leaves rare values to index 0', () => {
  const words = ['b', 'a', 'c', 'c', 'b', 'a', 'd', 'c', 'e', 'a', null, 'd'];
  const encoder = fit({
    numbers: Object.fromEntries(planned.map((_, i) => [`n${i}`, Array<number>(12).fill(1)])),
    texts: { t0: words, t1: words },
  });
  expect(encoder.categorical.map(({ values }) => [...values])).toEqual([
    ['c', 'a', 'b', 'd'],
    ['c', 'a', 'b'],
  ]);
  expect(inputWidth(inputOf(encoder))).toBe(12 + (2 + (2 + 2) + (2 + 2) + 2 + 2) + (8 + 2) + 5 + 3);
});

it('puts a place between knots beside a number', () => {
  const knots = [0, 1, 3];
  const at = (value: number) => {
    const { lower, share } = placeOf(indexBeside({ kind: 'piecewise', knots })(value));
    return [lower, Number(share.toFixed(4))];
  };
  expect([NaN, -5, 0, 0.25, 1, 2, 3, 9e9].map(at)).toEqual([
    [0, 0],
    [1, 0],
    [1, 0],
    [1, 0.25],
    [2, 0],
    [2, 0.5],
    [2, 1],
    [2, 1],
  ]);
  const only = indexBeside({ kind: 'piecewise', knots: [4] });
  expect([NaN, 3, 4, 5].map((value) => placeOf(only(value)))).toEqual([
    { lower: 0, share: 0 },
    ...[1, 1, 1].map((share) => ({ lower: 0, share })),
  ]);
});

it('puts bins and values beside a number, with an index for what is missing', () => {
  const mostly = [0, 0, 0, 0, 1, 2, 3, NaN];
  const encoder = fit({
    numbers: Object.fromEntries(planned.map((_, i) => [`n${i}`, [...mostly, -9, 0.4, 2, 9]])),
    texts: { t0: Array<string>(12).fill('a'), t1: Array<string>(12).fill('a') },
  });
  const beside = encoder.numeric[7]!.beside!;
  expect(beside).toEqual([
    { kind: 'bins', edges: [0.5, 1.5, 2.5] },
    { kind: 'values', values: [0] },
  ]);
  expect(numericNames(encoder)).toContain('n5 is missing');
  expect(numericNames(encoder)).not.toContain('n7 is missing');
  const at = (value: number): number[] => beside.map((field) => indexBeside(field)(value));
  expect([-9, 0, 0.4, 2, 3, NaN].map(at)).toEqual([
    [1, 0],
    [1, 1],
    [1, 0],
    [3, 0],
    [4, 0],
    [0, 0],
  ]);
});
