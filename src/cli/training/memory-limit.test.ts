import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareData } from '../../data/prepare.js';
import { experimentFromText } from '../../experiment/load.js';
import { smallTable } from './golden.fixture.js';
import { memoryProblem, sizesOf } from './memory-limit.js';
import { planTraining } from './training-plan.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mmoe-memory-'));
  await writeFile(join(folder, 'small.csv'), smallTable());
});
afterAll(() => rm(folder, { recursive: true }));

/** What is said where a training of these settings has a megabyte. */
async function said(settings: object): Promise<{ message: string; path: unknown }> {
  const text = JSON.stringify({
    data: { source: 'small.csv' },
    tasks: [{ label: 'clicked' }],
    engine: { threads: 1 },
    ...settings,
  });
  const file = { path: join(folder, 'a.mmoe.json'), text };
  const { experiment } = experimentFromText(file);
  const data = await prepareData(experiment, { folder, workspace: folder, file });
  const plan = planTraining(experiment, data, file, 1);
  const { message, path } = memoryProblem(plan.description, sizesOf(plan), 1e6)!;
  return { message, path };
}

it('says what to make smaller, where most of the memory would go', async () => {
  const embedded = { city: { kind: 'categorical', encode: { hash: 20_000, embedding: 64 } } };
  expect(await said({ columns: embedded })).toEqual({
    message: expect.stringContaining('give columns of many values a shorter encode.embedding') as string,
    path: ['columns'],
  });
  const wide = { experts: { layers: [1000, 1000] } };
  expect(await said({ model: wide })).toEqual({
    message: expect.stringContaining('make model.experts or model.towers smaller') as string,
    path: ['model'],
  });
  const members = { members: 40 };
  expect(await said({ training: members })).toEqual({
    message: expect.stringContaining('use fewer training.members') as string,
    path: ['training', 'members'],
  });
});
