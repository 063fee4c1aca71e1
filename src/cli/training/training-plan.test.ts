import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareData } from '../../data/prepare.js';
import { choicesFor } from '../../experiment/chosen-defaults.js';
import { experimentFromText } from '../../experiment/load.js';
import { experimentSchema } from '../../experiment/schema.js';
import { InputError } from '../../shared/errors.js';
import { smallTable } from './golden.fixture.js';
import { experimentField } from './manifest-fields.js';
import { planTraining } from './training-plan.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mmoe-plan-'));
  await writeFile(join(folder, 'small.csv'), smallTable());
});
afterAll(() => rm(folder, { recursive: true }));

it('a plan has what is chosen for the training rows, and a run goes on with it whatever its file says', async () => {
  const path = join(folder, 'a.mmoe.json');
  const text = JSON.stringify({
    defaults: 2,
    data: { source: 'small.csv' },
    tasks: [{ label: 'clicked' }],
    training: { epochs: 7 },
  });
  const file = { path, text };
  const { experiment } = experimentFromText(file);
  const data = await prepareData(experiment, { folder, workspace: folder, file });
  const plan = planTraining(experiment, data, file, 1);
  const numeric = data.encoder.numeric.length;
  const { batchSize } = choicesFor({ rows: data.train.rows, numeric }).training;
  expect(plan.experiment.training).toMatchObject({ epochs: 7, batchSize, optimizer: 'adamw' });
  expect(plan.chosen).toMatchObject({ 'training.batchSize': batchSize });
  expect(plan.chosen).not.toHaveProperty(['training.epochs']);
  // As run.json keeps it, its encoding is the same and nothing is chosen again.
  const stored: unknown = JSON.parse(JSON.stringify(experimentField(plan.experiment)));
  const kept = v.parse(experimentSchema, stored);
  const again = await prepareData(kept, { folder, workspace: folder });
  expect(again.fingerprint).toBe(data.fingerprint);
  const resumed = planTraining(kept, again, { path, text: null }, 1);
  expect(resumed.experiment).toEqual(plan.experiment);
  expect(resumed.chosen).toEqual({});
});

it('a plan names the numbers along which no label bends', async () => {
  const path = join(folder, 'a.mmoe.json');
  const rows = Array.from({ length: 500 }, (_, i) => [i % 97, (i * 31) % 89, i]);
  const table = rows.map(([line, curve, n]) => `${line},${curve},${n},${line! + (curve! - 44) ** 2}`);
  await writeFile(join(folder, 'bent.csv'), ['line,curve,n,y', ...table].join('\n'));
  const alone = async (scale: object): Promise<readonly string[]> => {
    const text = JSON.stringify({
      data: { source: 'bent.csv', scale },
      columns: { n: { kind: 'numeric', scale: 'standard' } },
      tasks: [{ label: 'y' }],
    });
    const file = { path, text };
    const { experiment } = experimentFromText(file);
    const data = await prepareData(experiment, { folder, workspace: folder, file });
    return planTraining(experiment, data, file, 1).alone;
  };
  expect(await alone({ piecewise: 8, beside: 'nonlinear' })).toEqual(['line']);
  expect(await alone({ piecewise: 8 })).toEqual([]);
  expect(await alone({ beside: 'nonlinear' })).toEqual([]);
});

it('a plan says which columns single tasks learn together', async () => {
  const warningsOf = async (columns: object, variant = 'single-task'): Promise<readonly string[]> => {
    const path = join(folder, 'a.mmoe.json');
    const text = JSON.stringify({
      data: { source: 'small.csv' },
      tasks: [{ label: 'clicked' }, { label: 'minutes' }],
      columns,
      model: { variant },
    });
    const file = { path, text };
    const { experiment } = experimentFromText(file);
    const data = await prepareData(experiment, { folder, workspace: folder, file });
    return planTraining(experiment, data, file, 1).warnings;
  };
  const embedded = {
    city: { kind: 'categorical', encode: { embedding: 2 } },
    age: { kind: 'numeric', scale: 'periodic' },
  };
  const [warning] = await warningsOf(embedded);
  expect(warning).toMatch(/^single-task: all tasks learn the embeddings of city, age together/);
  expect(await warningsOf({})).toEqual([]);
  expect(await warningsOf(embedded, 'mmoe')).toEqual([]);
});

it('weights of one-hot columns that are held close cannot rest, and the setting is named with its place', async () => {
  const plan = async (tables: string, encode: unknown) => {
    const text = JSON.stringify({
      data: { source: 'small.csv' },
      columns: {
        city: { kind: 'categorical', encode },
        ...Object.fromEntries(['code', 'genre', 'minutes', 'weight'].map((name) => [name, 'ignore'])),
      },
      tasks: [{ label: 'clicked' }, { label: 'age' }],
      model: { variant: 'l2-constrained' },
      training: { tables },
    });
    const file = { path: join(folder, 'b.mmoe.json'), text };
    const { experiment } = experimentFromText(file);
    const data = await prepareData(experiment, { folder, workspace: folder, file });
    return () => planTraining(experiment, data, file, 1).experiment.training.tables;
  };
  const lazy = await plan('lazy', 'onehot');
  expect(lazy).toThrow('l2-constrained holds the weights of one-hot columns close to each other');
  const found = ((): InputError | null => {
    try {
      lazy();
    } catch (error) {
      return error instanceof InputError ? error : null;
    }
    return null;
  })();
  expect([found?.code, found?.place.line, (found?.place.column ?? 0) > 100]).toEqual([
    'training.tables',
    1,
    true,
  ]);
  expect((await plan('dense', 'onehot'))()).toBe('dense');
  expect((await plan('lazy', { embedding: 3 }))()).toBe('lazy');
});
