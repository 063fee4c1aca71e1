import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleTask } from './slice-scores.fixture.js';
import { SliceColumn } from './slice-column.js';
import { scoresBy } from './slice-scores.js';

const slicesOf = (...batches: (string | null)[][]) => {
  const column = new SliceColumn('c');
  for (const batch of batches) column.add(batch);
  return column.slices();
};
/** What is said of each row. */
const ofRows = (...batches: (string | null)[][]) => {
  const { slices, of } = slicesOf(...batches);
  return Array.from(of, (slice) => slices[slice]);
};

describe('the slices of a column', () => {
  it('are its most frequent texts, the others, and what is missing', () => {
    const texts = Array.from({ length: 30 }, (_, at) => [`t${at}`, ...(at < 20 ? [`t${at}`] : [])]).flat();
    const rows = ofRows(texts, ['t3', null]);
    expect(rows[0]).toEqual({ kind: 'value', value: 't0' });
    expect(rows[texts.indexOf('t29')]).toEqual({ kind: 'others', values: 10 });
    expect(rows.slice(-2)).toEqual([{ kind: 'value', value: 't3' }, { kind: 'missing' }]);
    expect(slicesOf(texts, ['t3']).slices[0]).toEqual({ kind: 'value', value: 't3' });
  });

  it('are numbers in their order where there are few, and 01 is a code', () => {
    expect(slicesOf(['10', '9', null, '9.0']).slices.slice(0, 2)).toEqual([
      { kind: 'value', value: 9 },
      { kind: 'value', value: 10 },
    ]);
    expect(slicesOf(['01', '10']).slices[0]).toEqual({ kind: 'value', value: '01' });
  });

  it('are ranges of numbers whose bounds are values, and every number lies in its own', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 60 }),
        (drawn) => {
          const numbers = drawn.map((value) => value + 0);
          const known = new Set(numbers);
          const rows = ofRows(numbers.slice(0, 30).map(String), numbers.slice(30).map(String));
          numbers.forEach((value, row) => {
            const slice = rows[row]!;
            if (slice.kind === 'range') {
              expect([slice.low <= value, value <= slice.high]).toEqual([true, true]);
              expect([known.has(slice.low), known.has(slice.high)]).toEqual([true, true]);
            } else expect(slice).toEqual({ kind: 'value', value });
          });
        },
      ),
    );
  });
});

it('each slice is scored by its own labelled rows, with its means', () => {
  const columns = [slicesOf(['a', 'b', 'a', null], ['a', 'b'])];
  const by = scoresBy(columns);
  by.add(exampleTask('binary'), {
    // The rows 1 and 4 of the table have no label.
    places: [Uint32Array.of(0, 2, 3), Uint32Array.of(5)],
    labels: Float32Array.of(1, 0, 1, 1),
    weights: Float32Array.of(1, 3, 1, 1),
    predictions: Float32Array.of(0.75, 0.25, 0.5, 0.125),
  });
  by.addNone(exampleTask('regression'));
  const none = {
    task: 'regression',
    kind: 'regression',
    rows: 0,
    metrics: null,
    label: null,
    predicted: null,
  };
  const [a, b, missing, ...rest] = by.scores()[0]!.slices;
  expect(rest).toEqual([]);
  expect(a).toMatchObject({ of: { kind: 'value', value: 'a' }, rows: 3 });
  expect(a!.tasks).toMatchObject([
    { task: 'binary', rows: 2, metrics: { auc: 1 }, label: 0.25, predicted: 0.375 },
    none,
  ]);
  expect(b).toMatchObject({ of: { kind: 'value', value: 'b' }, rows: 2 });
  expect(b!.tasks[0]).toMatchObject({ rows: 1, metrics: { auc: null }, label: 1, predicted: 0.125 });
  expect(missing).toMatchObject({ of: { kind: 'missing' }, rows: 1, tasks: [{ rows: 1 }, none] });
});

it('a value is in the units of its label', () => {
  const by = scoresBy([slicesOf(['a', 'a'])]);
  by.add(exampleTask('regression', { offset: 100, factor: 10 }), {
    places: [Uint32Array.of(0, 1)],
    labels: Float32Array.of(-1, 2),
    weights: null,
    predictions: Float32Array.of(0, 2),
  });
  expect(by.scores()[0]!.slices[0]!.tasks[0]).toMatchObject({ label: 105, predicted: 110 });
});
