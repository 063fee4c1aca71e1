import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { experimentSchema } from '../experiment/schema.js';
import { BestEpoch } from './scores/best-epoch.js';
import { epochScore, epochScoresApart, optimizerSettings } from './optimizer-settings.js';

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

it('the optimiser hears of tables that are not updated as a whole', () => {
  expect(optimizerSettings(training({ tables: 'lazy' }))).toMatchObject({ tables: 'lazy' });
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
    new BestEpoch(epochScore(training({ stopEarly: settings }), tasks));
  const metrics = (auc: number | null, r2: number | null) => ({ bought: { auc }, minutes: { r2 } });

  it('is the one with the best mean; of equal ones the earlier', () => {
    const best = judge();
    expect(
      [metrics(0.5, 0.1), metrics(0.7, 0.3), metrics(0.6, 0.4), metrics(0.9, 0)].map(
        (each, i) => best.add(i + 1, each).size,
      ),
    ).toEqual([2, 2, 0, 0]);
    expect(best.epoch).toBe(2);
    expect(best.validation).toEqual(metrics(0.7, 0.3));
    expect(best.bestEpochs).toEqual({ bought: 4, minutes: 3 });
  });

  it('leaves out metrics that are undefined, and is the latest where all are', () => {
    const some = judge();
    expect([some.add(1, metrics(null, 0.2)).size, some.add(2, metrics(null, 0.1)).size]).toEqual([2, 0]);
    const none = judge({ patience: 1 });
    expect([none.add(1, metrics(null, null)).size, none.add(2, null).size]).toEqual([2, 2]);
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

describe('the best epochs of tasks that share no weights', () => {
  const judge = (settings: object = {}) => {
    const score = epochScore(training({ stopEarly: settings }), tasks);
    return new BestEpoch(score, epochScoresApart(score, [[0], [1]]));
  };
  const metrics = (auc: number, r2: number) => ({ bought: { auc }, minutes: { r2 } });
  const epochs = [metrics(0.5, 0.4), metrics(0.7, 0.3), metrics(0.6, 0.5), metrics(0.8, 0.2)];

  it('are each task’s own, with its metrics then', () => {
    const best = judge();
    expect(epochs.map((each, i) => [...best.add(i + 1, each)])).toEqual([
      ['bought', 'minutes'],
      ['bought'],
      ['minutes'],
      ['bought'],
    ]);
    expect(best.keptEpochs).toEqual({ bought: 4, minutes: 3 });
    expect(best.validation).toEqual(metrics(0.8, 0.5));
    expect([best.epoch, best.isWholly(4)]).toEqual([4, false]);
  });

  it('stay where the patience of a task ended, while another goes on', () => {
    const best = judge({ patience: 1 });
    const exhausted = epochs.map((each, i) => {
      best.add(i + 1, each);
      return best.exhausted;
    });
    // The first task waits in vain at epoch 3, the second at epoch 2: what comes later does not count.
    expect(exhausted).toEqual([false, false, true, true]);
    expect(best.keptEpochs).toEqual({ bought: 2, minutes: 1 });
  });

  it('follow the metric of a task that is named, and each task’s own elsewhere', () => {
    const best = judge({ task: 'bought', patience: 1 });
    for (const [i, each] of epochs.slice(0, 3).entries()) best.add(i + 1, each);
    expect(best.keptEpochs).toEqual({ bought: 2, minutes: 3 });
    expect(best.exhausted).toBe(true);
  });

  it('go on from a saved state, and as one where they were saved as one', () => {
    const first = judge();
    for (const [i, each] of epochs.slice(0, 3).entries()) first.add(i + 1, each);
    const second = judge();
    second.restore(first.save());
    second.add(4, epochs[3]!);
    expect(second.keptEpochs).toEqual({ bought: 4, minutes: 3 });

    const before = new BestEpoch(epochScore(training({}), tasks));
    for (const [i, each] of epochs.slice(0, 3).entries()) before.add(i + 1, each);
    const after = judge();
    after.restore(before.save());
    expect([after.epoch, after.keptEpochs]).toEqual([3, null]);
    expect(after.add(4, metrics(0.6, 0.5)).size).toBe(0);
  });
});
