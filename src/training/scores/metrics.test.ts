import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metricNames } from '../../shared/task-kinds.js';
import { reported, taskMetrics, type ScoredTask } from './metrics.js';

const scored = (task: Partial<ScoredTask> & Pick<ScoredTask, 'kind'>): ScoredTask => ({
  outputs: 1,
  predictions: new Float32Array(0),
  labels: new Float32Array(0),
  weights: null,
  factor: 1,
  ...task,
});

/** Scores with many ties, of either sign, and −0. */
const score = fc.oneof(
  fc.integer({ min: -6, max: 6 }).map((n) => n / 4),
  fc.constant(-0),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
);
const weight = fc.constantFrom(1, 1, 0, 0.5, 3);
const label = fc.constantFrom(0, 1, 0, 1, NaN);
const weightOf = (task: ScoredTask, row: number) => task.weights?.[row] ?? 1;

function expectNear(found: number | undefined, wanted: number, limit: number): void {
  if (Number.isNaN(wanted)) expect(found).toBeNaN();
  else expect(Math.abs(found! - wanted)).toBeLessThan(limit * Math.max(1, Math.abs(wanted)));
}

/** All pairs, one by one. */
function quadraticAuc(task: ScoredTask, column: number, positive: number): number {
  let won = 0;
  let pairs = 0;
  task.labels.forEach((a, i) => {
    task.labels.forEach((b, j) => {
      if (Number.isNaN(a) || Number.isNaN(b) || a !== positive || b === positive) return;
      const pair = weightOf(task, i) * weightOf(task, j);
      const [x, y] = [
        task.predictions[i * task.outputs + column]!,
        task.predictions[j * task.outputs + column]!,
      ];
      pairs += pair;
      won += pair * (x > y ? 1 : x === y ? 0.5 : 0);
    });
  });
  return pairs > 0 ? won / pairs : NaN;
}

const binaryRows = fc
  .tuple(fc.array(fc.record({ score, label, weight }), { maxLength: 60 }), fc.boolean())
  .map(([rows, weighted]) =>
    scored({
      kind: 'binary',
      predictions: Float32Array.from(rows, (row) => row.score),
      labels: Float32Array.from(rows, (row) => row.label),
      weights: weighted ? Float32Array.from(rows, (row) => row.weight) : null,
    }),
  );

describe('AUC', () => {
  it('is the weighted share of pairs in the right order, ties counting half', () => {
    fc.assert(
      fc.property(binaryRows, (task) => {
        expectNear(taskMetrics(task)['auc'], quadraticAuc(task, 0, 1), 1e-9);
      }),
    );
  });

  it('is the same when every score passes through an increasing function', () => {
    fc.assert(
      fc.property(binaryRows, (task) => {
        const moved = {
          ...task,
          predictions: task.predictions.map((value) =>
            Math.fround(Math.sign(value) * Math.sqrt(Math.abs(value))),
          ),
        };
        const kept =
          new Set(moved.predictions.map((value) => value + 0)).size ===
          new Set(task.predictions.map((value) => value + 0)).size;
        fc.pre(kept);
        expect(taskMetrics(moved)['auc']).toBe(taskMetrics(task)['auc']);
      }),
    );
  });

  it('is undefined with one class only, without rows, and where a score is NaN', () => {
    const labels = Float32Array.of(1, 1);
    expect(
      taskMetrics(scored({ kind: 'binary', predictions: Float32Array.of(0.1, 0.2), labels }))['auc'],
    ).toBeNaN();
    expect(taskMetrics(scored({ kind: 'binary' }))['auc']).toBeNaN();
    const broken = scored({
      kind: 'binary',
      predictions: Float32Array.of(NaN, 0.2),
      labels: Float32Array.of(1, 0),
    });
    expect(taskMetrics(broken)['auc']).toBeNaN();
  });

  it('of many classes is the mean over the classes that have rows on both sides', () => {
    const row = fc.record({
      scores: fc.tuple(score, score, score, score),
      label: fc.constantFrom(0, 1, 2, NaN),
      weight,
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        const task = scored({
          kind: 'multiclass',
          outputs: 4,
          predictions: Float32Array.from(rows.flatMap((each) => each.scores)),
          labels: Float32Array.from(rows, (each) => each.label),
          weights: Float32Array.from(rows, (each) => each.weight),
        });
        const aucs = [0, 1, 2, 3].map((k) => quadraticAuc(task, k, k)).filter((auc) => !Number.isNaN(auc));
        expectNear(taskMetrics(task)['auc'], aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length, 1e-9);
      }),
    );
  });
});

describe('metrics of classes', () => {
  it('weigh rows by their weights and leave out rows without a label', () => {
    const metrics = taskMetrics(
      scored({
        kind: 'binary',
        predictions: Float32Array.of(0.75, 0.25, 0.5, 0.125),
        labels: Float32Array.of(1, 1, 0, NaN),
        weights: Float32Array.of(1, 2, 1, 50),
      }),
    );
    const loss = -(Math.log(0.75) + 2 * Math.log(0.25) + Math.log(0.5)) / 4;
    expect(metrics['loss']).toBeCloseTo(loss, 12);
    expect(metrics['logLoss']).toBeCloseTo(loss, 12);
    expect(metrics['accuracy']).toBe(0.5);
  });

  it('limit probabilities in the log-loss only as far as 32-bit floats do', () => {
    const certain = (p: number, y: number) =>
      taskMetrics(scored({ kind: 'binary', predictions: Float32Array.of(p), labels: Float32Array.of(y) }));
    expect(certain(0, 1)['logLoss']).toBeCloseTo(-Math.log(2 ** -23), 9);
    expect(certain(1, 0)['logLoss']).toBeCloseTo(-Math.log(2 ** -23), 9);
    expect(certain(1e-30, 1)['loss']).toBeCloseTo(30 * Math.LN10, 5);
    expect(certain(0, 1)['loss']).toBeLessThan(104);
    expect(certain(1, 0)['loss']).toBeLessThan(18);
  });

  it('take the first of equally likely classes', () => {
    const task = scored({
      kind: 'multiclass',
      outputs: 3,
      predictions: Float32Array.of(0.4, 0.4, 0.2, 0.1, 0.1, 0.8),
      labels: Float32Array.of(0, 2),
    });
    expect(taskMetrics(task)['accuracy']).toBe(1);
    expect(taskMetrics(task)['loss']).toBeCloseTo(-(Math.log(0.4) + Math.log(0.8)) / 2, 6);
  });
});

describe('metrics of values', () => {
  it('give R² without a unit, the loss in the unit learned and the MSE in the label’s own', () => {
    const row = fc.record({ y: fc.integer({ min: -9, max: 9 }), p: fc.integer({ min: -9, max: 9 }), weight });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        const task = scored({
          kind: 'regression',
          factor: 10,
          predictions: Float32Array.from(rows, (each) => each.p),
          labels: Float32Array.from(rows, (each) => each.y),
          weights: Float32Array.from(rows, (each) => each.weight),
        });
        const sum = (of: (each: (typeof rows)[number]) => number) =>
          rows.reduce((total, each) => total + each.weight * of(each), 0);
        const total = sum(() => 1);
        const mean = sum(({ y }) => y) / total;
        const errors = sum(({ y, p }) => (y - p) ** 2);
        const spread = sum(({ y }) => (y - mean) ** 2);
        const metrics = taskMetrics(task);
        expectNear(metrics['loss'], errors / total, 1e-9);
        expectNear(metrics['mse'], (100 * errors) / total, 1e-9);
        expectNear(metrics['r2'], spread > 1e-9 ? 1 - errors / spread : NaN, 1e-6);
      }),
    );
  });

  it('say what R² is without the row of the largest error where that row decides it', () => {
    const row = fc.record({
      y: fc.integer({ min: -9, max: 9 }),
      p: fc.integer({ min: -9, max: 9 }),
      weight: fc.integer({ min: 1, max: 3 }),
    });
    const regression = (rows: { y: number; p: number; weight: number }[]) =>
      taskMetrics(
        scored({
          kind: 'regression',
          predictions: Float32Array.from(rows, ({ p }) => p),
          labels: Float32Array.from(rows, ({ y }) => y),
          weights: Float32Array.from(rows, (each) => each.weight),
        }),
      );
    fc.assert(
      fc.property(fc.array(row, { minLength: 3, maxLength: 30 }), fc.nat(), (rows, at) => {
        const odd = { y: 0, p: 1000, weight: 1 };
        const place = at % (rows.length + 1);
        const without = regression(rows)['r2']!;
        fc.pre(!Number.isNaN(without));
        const metrics = regression(rows.toSpliced(place, 0, odd));
        expectNear(metrics['r2WithoutWorst'], without, 1e-6);
        expect(reported('regression', metrics)['r2WithoutWorst']).toBe(metrics['r2WithoutWorst']);
      }),
    );
    const even = Array.from({ length: 40 }, (_, i) => ({ y: i % 9, p: (i % 9) + (i % 2), weight: 1 }));
    expect(reported('regression', regression(even))).not.toHaveProperty('r2WithoutWorst');
  });

  it('have no R² where all labels are equal', () => {
    const task = scored({
      kind: 'regression',
      predictions: Float32Array.of(1, 2),
      labels: Float32Array.of(3, 3),
    });
    expect(taskMetrics(task)['r2']).toBeNaN();
  });
});

it('events hold the metrics of the kind, null for what is undefined', () => {
  expect(reported('binary', taskMetrics(scored({ kind: 'binary' })))).toEqual({
    auc: null,
    loss: null,
    logLoss: null,
    accuracy: null,
  });
  expect(Object.keys(reported('regression', { r2: 1, loss: 0, mse: 0 }))).toEqual([
    ...metricNames.regression,
  ]);
});
