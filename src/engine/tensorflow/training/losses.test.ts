import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TaskDescription } from '../../../network/description.js';
import type { TaskKind } from '../../../shared/task-kinds.js';
import type { EncodedRows } from '../../../network/encoded-rows.js';
import { predictionsOf, taskLoss } from './losses.js';

const task = (kind: TaskKind, outputs = 1, lossWeight = 1): TaskDescription => ({
  name: 'task',
  kind,
  outputs,
  stream: 0,
  tower: { layers: [], activation: 'relu' },
  lossWeight,
});
const rowsOf = (labels: number[], weights: number[] | null = null): EncodedRows => ({
  rows: labels.length,
  numeric: new Float32Array(0),
  categorical: new Int32Array(0),
  labels: Float32Array.from(labels),
  weights: weights && Float32Array.from(weights),
});
const all = (rows: EncodedRows) => Uint32Array.from({ length: rows.rows }, (_, index) => index);
const lossOf = (description: TaskDescription, outputs: number[], rows: EncodedRows) =>
  taskLoss(description, 0, 1, description.lossWeight, Float32Array.from(outputs), rows, all(rows));

describe('a task’s loss', () => {
  test('is that of the formula by hand', () => {
    expect(lossOf(task('binary'), [0, 0], rowsOf([0, 1])).loss).toBeCloseTo(Math.log(2), 12);
    expect(lossOf(task('regression'), [3, 1], rowsOf([1, 1])).loss).toBe(2);
    expect(lossOf(task('multiclass', 4), [1, 1, 1, 1], rowsOf([2])).loss).toBeCloseTo(Math.log(4), 12);
  });

  test.each([1e4, -1e4])('with a logit of %s is finite, and right where it is wrong', (logit) => {
    expect(lossOf(task('binary'), [logit], rowsOf([logit > 0 ? 0 : 1])).loss).toBe(1e4);
    expect(lossOf(task('binary'), [logit], rowsOf([logit > 0 ? 1 : 0])).loss).toBe(0);
    expect(lossOf(task('multiclass', 2), [logit, 0], rowsOf([logit > 0 ? 1 : 0])).loss).toBe(1e4);
  });

  test('weighs rows, and leaves out those without a label', () => {
    const { loss, gradient } = lossOf(task('regression'), [1, 2, 100], rowsOf([0, 0, NaN], [1, 3, 5]));
    expect(loss).toBe((1 * 1 + 3 * 4) / 4);
    expect([...gradient]).toEqual([0.5, 3, 0]);
  });

  test('is not known where no row has the label or weighs anything, and then has no gradient', () => {
    expect(lossOf(task('binary'), [1], rowsOf([NaN]))).toEqual({
      loss: NaN,
      gradient: Float32Array.of(0),
      labelled: false,
    });
    expect(lossOf(task('binary'), [1], rowsOf([1], [0]))).toEqual({
      loss: NaN,
      gradient: Float32Array.of(0),
      labelled: false,
    });
  });

  test('has the finite differences of itself as gradient, times the loss weight', () => {
    const output = fc.integer({ min: -64, max: 64 }).map((n) => n / 16);
    const kind = fc.constantFrom<[TaskKind, number]>(['binary', 1], ['regression', 1], ['multiclass', 3]);
    fc.assert(
      fc.property(
        kind,
        fc.array(fc.tuple(output, output, output, fc.nat(1)), { minLength: 1, maxLength: 6 }),
        ([each, width], rows) => {
          const outputs = rows.flatMap((row) => row.slice(0, width));
          const data = rowsOf(rows.map((row) => row[3]));
          const { gradient } = lossOf(task(each, width, 2), outputs, data);
          // Outputs are multiples of 1/16 and this step of 1/1024, so that both are exact in single
          // precision.
          const step = 2 ** -10;
          outputs.forEach((value, i) => {
            const at = (moved: number) => lossOf(task(each, width), outputs.with(i, moved), data).loss;
            // The third derivative is below 1, times step² / 6: under 2e-7; the gradient is rounded to
            // single.
            expect(
              Math.abs(gradient[i]! - (2 * (at(value + step) - at(value - step))) / (2 * step)),
            ).toBeLessThan(1e-6 + 1e-6 * Math.abs(gradient[i]!));
          });
        },
      ),
    );
  });
});

test('predictions are probabilities that add up, also far out, or the values themselves', () => {
  expect([...predictionsOf(task('binary'), Float32Array.of(0, 200, -200))]).toEqual([
    0.5,
    1,
    Math.fround(Math.exp(-200)),
  ]);
  expect([...predictionsOf(task('multiclass', 2), Float32Array.of(500, 500, -1000, 1000))]).toEqual([
    0.5, 0.5, 0, 1,
  ]);
  expect([...predictionsOf(task('regression'), Float32Array.of(-3, 7))]).toEqual([-3, 7]);
});
