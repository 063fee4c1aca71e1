import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawShare, indicesOf, partMarks, splitRows, type PartSplit } from './split.js';

const { train, validation, test } = partMarks;

const partSplit = (rows: number): fc.Arbitrary<PartSplit> =>
  fc.oneof(
    fc.constant<PartSplit>({ kind: 'none' }),
    fc
      .double({ min: 0.01, max: 0.49, noNaN: true })
      .map((fraction): PartSplit => ({ kind: 'share', fraction })),
    fc
      .uint8Array({ minLength: rows, maxLength: rows, max: 1 })
      .map((flags): PartSplit => ({ kind: 'rows', flags })),
  );
const cases = fc.integer({ min: 0, max: 300 }).chain((rows) =>
  fc.record({
    rows: fc.constant(rows),
    seed: fc.integer(),
    validation: partSplit(rows),
    test: partSplit(rows),
  }),
);

it('every row has exactly one part, and the same one again', () => {
  fc.assert(
    fc.property(cases, ({ rows, seed, ...splits }) => {
      const parts = splitRows(rows, seed, splits);
      const all = ([train, validation, test] as const).flatMap((part) => [...indicesOf(parts, part)]);
      expect(all.sort((one, other) => one - other)).toEqual(Array.from({ length: rows }, (_, row) => row));
      expect(splitRows(rows, seed, splits)).toEqual(parts);
    }),
  );
});

it('shares are exact to the rounding, conditions exact, and a row that both name is a test row', () => {
  fc.assert(
    fc.property(cases, ({ rows, seed, ...splits }) => {
      const parts = splitRows(rows, seed, splits);
      const flagged = (split: PartSplit, row: number): boolean =>
        split.kind === 'rows' && split.flags[row] === 1;
      for (let row = 0; row < rows; row++) {
        if (flagged(splits.test, row)) expect(parts[row]).toBe(test);
        else if (flagged(splits.validation, row)) expect(parts[row]).toBe(validation);
      }
      const free = Array.from({ length: rows }, (_, row) => row).filter(
        (row) => !flagged(splits.test, row) && !flagged(splits.validation, row),
      ).length;
      for (const [split, part] of [
        [splits.validation, validation],
        [splits.test, test],
      ] as const) {
        if (split.kind === 'share')
          expect(Math.abs(indicesOf(parts, part).length - split.fraction * free)).toBeLessThanOrEqual(1);
      }
    }),
  );
});

it('another seed draws other rows, from all over the table', () => {
  const splits = {
    validation: { kind: 'share', fraction: 0.1 },
    test: { kind: 'share', fraction: 0.1 },
  } as const;
  const one = indicesOf(splitRows(10_000, 1, splits), validation);
  const other = indicesOf(splitRows(10_000, 2, splits), validation);
  expect(one).not.toEqual(other);
  const mean = one.reduce((sum, row) => sum + row, 0) / one.length;
  // Four standard errors of the mean of 1,000 rows drawn from 10,000.
  expect(Math.abs(mean - 5000)).toBeLessThan(4 * (10_000 / Math.sqrt(12 * 1000)));
});

it('a share of a part is drawn without repetition and in order', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(1000)),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.integer(),
      (list, fraction, seed) => {
        const rows = Uint32Array.from(list).sort();
        const taken = drawShare(rows, fraction, seed);
        expect(taken.length).toBe(Math.round(fraction * rows.length));
        expect(new Set(taken).size).toBe(taken.length);
        expect([...taken].every((row) => rows.includes(row))).toBe(true);
        expect([...taken]).toEqual([...taken].sort((one, other) => one - other));
      },
    ),
  );
});
