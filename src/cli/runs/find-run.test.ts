import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
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

test('a name that is nearly that of a run is told', async () => {
  await expect(findRun('censsus mmoe', folder)).rejects.toMatchObject({
    code: 'run.unknown',
    message: 'there is no run "censsus mmoe"; did you mean "census mmoe"?',
  });
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

test('a run is found by what the editor calls it; several of a name are listed by their ids', async () => {
  const here = await mkdtemp(join(tmpdir(), 'mmoe-find-'));
  const made = async (variant: string, learningRate: number, seed: number): Promise<string> => {
    const writer = await createRunFolder(here, {
      name: `gamma ${variant} seed ${seed}`,
      experimentFile: 'gamma.mmoe.json',
      created: new Date(),
    });
    const path = join(writer.folder, 'run.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    manifest['experiment'] = { name: 'gamma', model: { variant }, training: { learningRate, seed } };
    await writeFile(path, JSON.stringify(manifest));
    return writer.folder;
  };
  const [one, other, third] = [
    await made('mmoe', 0.001, 1),
    await made('mmoe', 0.01, 1),
    await made('ple', 0.01, 3),
  ];
  try {
    for (const name of ['mmoe · learningRate .01 · seed 1', 'MMoE learningRate 0.01 seed 1'])
      expect(await findRun(name, here)).toBe(other);
    expect(await findRun('gamma · ple · learningRate .01 · seed 3', here)).toBe(third);
    expect(await findRun('gamma ple seed 3', here)).toBe(third);
    await expect(findRun('gamma mmoe seed 1', here)).rejects.toMatchObject({
      code: 'run.ambiguous',
      message: expect.stringMatching(
        new RegExp([one, other].map((path) => basename(path)).join('|')),
      ) as unknown,
    });
  } finally {
    await rm(here, { recursive: true });
  }
});
