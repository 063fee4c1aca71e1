import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { experimentSchema } from '../experiment/schema.js';
import { BestEpoch } from './scores/best-epoch.js';
import { epochScore, optimizerSettings } from './optimizer-settings.js';

const training = (settings: object) =>
  v.parse(experimentSchema, { data: { source: 'a.csv' }, tasks: [{ label: 'y' }], training: settings })
    .training;
const tasks = [
  { name: 'bought', kind: 'binary' as const },
  { name: 'minutes', kind: 'regression' as const },
];

it('the optimiser gets its settings and nothing else', () => {
  expect(optimizerSettings(training({ learningRate: 0.5, batchSize: 3 }))).toEqual({
    optimizer: 'adam',
    learningRate: 0.5,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    momentum: 0,
    weightDecay: 0,
  });
});

describe('the judge of epochs', () => {
  it('takes each task’s own metric by default', () => {
    expect(epochScore(training({}), tasks).parts).toEqual([
      { task: 'bought', metric: 'auc', sign: 1 },
      { task: 'minutes', metric: 'r2', sign: 1 },
    ]);
  });

  it('takes a named metric of the tasks that have it, less being better for losses', () => {
    expect(epochScore(training({ stopEarly: { metric: 'mse' } }), tasks).parts).toEqual([
      { task: 'minutes', metric: 'mse', sign: -1 },
    ]);
  });

  it('names the tasks and metrics that there are when it cannot find one', () => {
    expect(() => epochScore(training({ stopEarly: { task: 'sold' } }), tasks)).toThrow(
      /no task "sold"; the tasks are bought, minutes/,
    );
    expect(() => epochScore(training({ stopEarly: { task: 'bought', metric: 'r2' } }), tasks)).toThrow(
      /"bought" \(binary\) has auc/,
    );
  });
});

describe('the best epoch', () => {
  const judge = (settings: object = {}) =>
    new BestEpoch(epochScore(training({ stopEarly: settings }), tasks), tasks);
  const metrics = (auc: number | null, r2: number | null) => ({ bought: { auc }, minutes: { r2 } });

  it('is the one with the best mean; of equal ones the earlier', () => {
    const best = judge();
    expect(
      [metrics(0.5, 0.1), metrics(0.7, 0.3), metrics(0.6, 0.4), metrics(0.9, 0)].map((each, i) =>
        best.add(i + 1, each),
      ),
    ).toEqual([true, true, false, false]);
    expect(best.epoch).toBe(2);
    expect(best.validation).toEqual(metrics(0.7, 0.3));
    expect(best.bestEpochs).toEqual({ bought: 4, minutes: 3 });
  });

  it('leaves out metrics that are undefined, and is the latest where all are', () => {
    const some = judge();
    expect([some.add(1, metrics(null, 0.2)), some.add(2, metrics(null, 0.1))]).toEqual([true, false]);
    const none = judge({ patience: 1 });
    expect([none.add(1, metrics(null, null)), none.add(2, null)]).toEqual([true, true]);
    expect(none.exhausted).toBe(false);
    expect(none.epoch).toBe(2);
  });

  it('ends the training once the patience is used up', () => {
    const best = judge({ patience: 2 });
    const exhausted = [0.5, 0.4, 0.6, 0.6, 0.5].map((auc, i) => {
      best.add(i + 1, metrics(auc, null));
      return best.exhausted;
    });
    expect(exhausted).toEqual([false, false, false, false, true]);
  });

  it('goes on from a saved state', () => {
    const first = judge({ patience: 2 });
    first.add(1, metrics(0.7, null));
    first.add(2, metrics(0.6, null));
    const second = judge({ patience: 2 });
    second.restore(first.save());
    second.add(3, metrics(0.65, null));
    expect([second.epoch, second.exhausted]).toEqual([1, true]);
  });
});
