import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRunFolder } from '../../run/create-run.js';
import { findRun } from './find-run.js';

let folder: string;
let runs: { id: string; folder: string }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mmoe-find-'));
  const day = (text: string) => new Date(`${text}T00:00:00Z`);
  runs = [
    await createRunFolder(folder, { name: 'census mmoe', experimentFile: null, created: day('2026-01-01') }),
    await createRunFolder(folder, { name: 'twice', experimentFile: null, created: day('2026-01-02') }),
    await createRunFolder(folder, { name: 'twice', experimentFile: null, created: day('2026-02-03') }),
  ];
  await writeFile(join(folder, '20260405-note.txt'), '');
});
afterAll(() => rm(folder, { recursive: true }));

test('a run is found by its id, a unique start of it, its name, its folder and its run.json', async () => {
  const [first, second] = [runs[0]!, runs[1]!];
  for (const name of [
    first.id,
    first.id.slice(0, 8),
    'census mmoe',
    first.folder,
    join(first.folder, 'run.json'),
  ]) {
    expect(await findRun(name, folder)).toBe(first.folder);
  }
  expect(await findRun('20260102', folder)).toBe(second.folder);
});

test('a name that several runs have lists them', async () => {
  await expect(findRun('twice', folder)).rejects.toMatchObject({
    code: 'run.ambiguous',
    message: expect.stringContaining(`${runs[2]!.id} (twice)`) as unknown,
  });
  await expect(findRun('202601', folder)).rejects.toMatchObject({ code: 'run.ambiguous' });
});

test('an unknown run names the latest ones', async () => {
  await expect(findRun('nothing', folder)).rejects.toMatchObject({
    code: 'run.unknown',
    message: expect.stringContaining(runs[2]!.id) as unknown,
  });
  await expect(findRun('', folder)).rejects.toMatchObject({ code: 'run.unknown' });
  await expect(findRun('x', join(folder, 'none'))).rejects.toMatchObject({
    message: expect.stringContaining('there is none yet') as unknown,
  });
});
