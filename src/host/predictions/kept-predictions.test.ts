import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Predictions } from '../../shared/messages/predictions-protocol.js';
import { KeptPredictions } from './kept-predictions.js';

let folder: string;
let kept: KeptPredictions;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'mmoe-kept-')), 'predictions');
  kept = new KeptPredictions(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const made = (out: string): Predictions => ({
  title: out,
  runNames: ['mmoe'],
  report: {
    ...{ source: 'new.csv', rows: 3, out, trainedOn: false, unweighted: null, test: null },
    runs: [{ id: 'r1', name: 'mmoe', epoch: 2 }],
    ...{ columns: [], found: [], labelled: [], scores: [] },
    preview: { columns: ['bought'], rows: [[0.5]] },
  },
});

it('predictions are found again by what the page keeps, and the last ones of a file replace those before', async () => {
  const id = await kept.keep(made('/films/a.csv'));
  expect(await kept.find(id)).toEqual(made('/films/a.csv'));
  expect(await kept.keep({ ...made('/films/a.csv'), title: 'again' })).toBe(id);
  expect((await kept.find(id))?.title).toBe('again');
});

it('what is not kept, not read or not asked for as it should be is not found', async () => {
  expect(await kept.find('0123456789abcdef')).toBeNull();
  const id = await kept.keep(made('/films/a.csv'));
  expect(await kept.find(`../predictions/${id}`)).toBeNull();
  await writeFile(join(folder, `${id}.json`), '{"title": 3}');
  expect(await kept.find(id)).toBeNull();
});

it('the oldest are forgotten', async () => {
  const first = await kept.keep(made('/films/0.csv'));
  await utimes(join(folder, `${first}.json`), 1, 1);
  for (let number = 1; number <= 20; number++) await kept.keep(made(`/films/${number}.csv`));
  expect(await readdir(folder)).toHaveLength(20);
  expect(await kept.find(first)).toBeNull();
});
