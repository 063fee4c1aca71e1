import { describe, expect, it } from 'vitest';
import { choicesFor, settle, type Settled, type TableSize } from './chosen-defaults.js';
import { defaults } from './defaults.js';
import { experimentFromText, writtenIn } from './load.js';

const size = { rows: 50_000, numeric: 10 };
const choices = choicesFor(size);

/** Settles an experiment with these members besides data and tasks. */
function settled(members: object, table: TableSize = size): Settled {
  const text = JSON.stringify({ defaults: 2, data: { source: 'x' }, tasks: [{ label: 'y' }], ...members });
  const file = { path: 'a.mmoe.json', text };
  return settle(experimentFromText(file).experiment, writtenIn(file), table);
}

describe('the defaults 2', () => {
  it('are chosen where the file says nothing, and named', () => {
    const { experiment, chosen } = settled({});
    expect(experiment).toMatchObject({
      data: { scale: choices.data.scale },
      model: choices.model,
      training: choices.training,
    });
    expect(chosen).toMatchObject({
      'data.scale': choices.data.scale,
      'model.experts.layers': choices.model.experts?.layers,
      'training.schedule': choices.training.schedule,
      'training.epochs': choices.training.epochs,
    });
  });

  it('leave all that the file says, down to single keys', () => {
    const { experiment, chosen } = settled({
      data: { source: 'x', scale: 'log' },
      model: { experts: { count: 3 } },
      training: { batchSize: 7 },
    });
    expect(experiment.data.scale).toBe('log');
    expect(experiment.model.experts).toMatchObject({ count: 3, layers: choices.model.experts?.layers });
    expect(experiment.training).toMatchObject({ batchSize: 7, epochs: choices.training.epochs });
    for (const path of ['data.scale', 'model.experts.count', 'training.batchSize'])
      expect(chosen).not.toHaveProperty([path]);
  });

  it('are left out with the setting that they go with', () => {
    const narrow = settled({ model: { experts: { layers: [4] } } }).experiment;
    expect(narrow.model.experts).toMatchObject({ layers: [4], dropout: 0 });
    const { optimizer, weightDecay } = settled({ training: { optimizer: 'sgd' } }).experiment.training;
    expect([optimizer, weightDecay]).toEqual(['sgd', undefined]);
  });

  it('are the same for a run’s own experiment, whatever the table', () => {
    const { experiment } = settled({});
    const again = settle(experiment, JSON.parse(JSON.stringify(experiment)), { rows: 50, numeric: 1 });
    expect(again.experiment).toEqual(experiment);
  });

  it.each([
    ['few rows', { rows: 300, numeric: 10 }],
    ['many numbers', { rows: 50_000, numeric: 5000 }],
  ])('put nothing beside a number with %s', (_, table) => {
    expect(settled({}, table).experiment.data.scale).toEqual({ number: 'robust', edges: 'quantile' });
  });

  it('tell recurring values apart where rows are many', () => {
    expect(settled({}, { rows: 200_000, numeric: 7 }).experiment.data.scale).toMatchObject({ values: 10 });
    expect(settled({}).experiment.data.scale).not.toHaveProperty('values');
  });

  it('end early where nothing gets better, unless the file says how long', () => {
    const patience = (members: object) => settled(members).experiment.training.stopEarly.patience;
    expect(patience({})).toBe(choices.training.stopEarly?.patience);
    expect(patience({ training: { epochs: 12 } })).toBeUndefined();
    expect(patience({ data: { source: 'x', validation: 0 } })).toBeUndefined();
  });

  it('let rows of tables rest where a column has 100,000 values, unless something needs them all', () => {
    const tables = (members: object, values = 100_000) => {
      const { experiment, chosen } = settled(members, { ...size, values });
      return [experiment.training.tables, 'training.tables' in chosen];
    };
    expect(tables({})).toEqual(['lazy', true]);
    expect(tables({}, 99_999)).toEqual(['dense', false]);
    expect(tables({ training: { tables: 'dense' } })).toEqual(['dense', false]);
    expect(tables({ training: { lossWeighting: 'pcgrad' } })).toEqual(['dense', false]);
    expect(tables({ training: { lossWeighting: { kind: 'gradnorm' } } })).toEqual(['dense', false]);
    expect(tables({ model: { variant: 'l2-constrained' } })).toEqual(['dense', false]);
    expect(tables({ defaults: 1 })).toEqual(['dense', false]);
    expect(tables({ preset: 'paper' })).toEqual(['dense', false]);
  });

  it('take smaller batches of fewer rows', () => {
    const sizes = [100, 5000, 50_000, 1e7].map(
      (rows) => choicesFor({ rows, numeric: 1 }).training.batchSize!,
    );
    expect(sizes).toEqual(sizes.toSorted((one, other) => one - other));
    expect(new Set(sizes).size).toBeGreaterThan(2);
  });
});

describe('a training whose schedule is the file’s', () => {
  const lengthOf = (training: object, data: object = {}) => {
    const members = { data: { source: 'x', ...data }, training: { schedule: 'constant', ...training } };
    const { epochs, stopEarly } = settled(members).experiment.training;
    return [epochs, stopEarly.patience];
  };

  it('goes on while it gets better, up to a limit', () => {
    expect(lengthOf({})).toEqual([100, 8]);
    expect(lengthOf({ stopEarly: { patience: 3 } })).toEqual([100, 3]);
  });

  it('is as long as it says, and as before where nothing can be judged', () => {
    expect(lengthOf({ epochs: 7 })).toEqual([7, undefined]);
    expect(lengthOf({ schedule: { kind: 'cosine' } })).toEqual([20, undefined]);
    expect(lengthOf({}, { validation: 0 })).toEqual([20, undefined]);
  });
});

describe('the paper’s settings', () => {
  it('are one word away, trained to the end, with the file’s own keys first', () => {
    const { experiment } = settled({ preset: 'paper', training: { batchSize: 64 } });
    expect(experiment.model).toEqual(defaults.model);
    expect(experiment.data.scale).toBe('standard');
    expect(experiment.training).toEqual({
      ...defaults.training,
      batchSize: 64,
      epochs: 100,
      stopEarly: { patience: 8 },
    });
  });
});

it('without the key an experiment stays as it is, whatever the table', () => {
  const { experiment, chosen } = settled({ defaults: 1 });
  expect(experiment).toMatchObject({ model: defaults.model, training: defaults.training });
  expect(chosen).toEqual({});
});
