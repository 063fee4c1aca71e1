import { readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../../test/eventually.mjs';
import { newManifest, print } from '../manifest.js';
import { fewestIndexed } from './run-index.js';
import { temporaryFolder } from '../run-folder.fixture.js';
import { runPaths } from '../files/run-paths.js';
import type { RunListEntry } from './run-list-entry.js';
import { RunStore } from './store.js';

const long = new Date('2026-01-01');

async function makeRun(folder: string, id: string, name: string): Promise<void> {
  const paths = runPaths(join(folder, id));
  await mkdir(paths.folder, { recursive: true });
  const manifest = newManifest({ id, name, experimentFile: 'x.mmoe.json', created: long });
  await writeFile(
    paths.manifest,
    print({
      ...manifest,
      status: 'finished',
      experiment: { model: { variant: 'mmoe' }, training: { seed: 1 } },
      tasks: [{ name: 'y', kind: 'binary' }],
      comparison: { id: 'c', name: 'c' },
    }),
  );
  await writeFile(paths.events, '');
  for (const path of [paths.manifest, paths.events]) await utimes(path, long, long);
}

async function indexedFolder(
  change: (folder: string) => Promise<void> = () => Promise.resolve(),
): Promise<{ folder: string; index: string; ids: string[] }> {
  const folder = join(await temporaryFolder(), '.mmoe', 'runs');
  const ids = Array.from({ length: fewestIndexed + 5 }, (_, run) => `run-${String(run).padStart(3, '0')}`);
  for (const id of ids) await makeRun(folder, id, `name of ${id}`);
  await change(folder);
  const index = join(folder, '.index.jsonl');
  const store = new RunStore(folder, { mayWriteIndex: () => true });
  await store.list();
  await eventually('the index', () =>
    stat(index).then(
      () => true,
      () => false,
    ),
  );
  store.dispose();
  return { folder, index, ids };
}

/** Returns lines of an index with the checksum that they would have been written with. */
function sealed(lines: readonly string[]): string {
  const text = lines.map((line) => `${line}\n`).join('');
  return `${text}{"crc32":${crc32(text)}}\n`;
}

/** Returns the lines of an index but for its checksum. */
const linesOf = async (index: string): Promise<string[]> =>
  (await readFile(index, 'utf8')).trimEnd().split('\n').slice(0, -1);

/** Writes an index that calls a run otherwise than its folder does, whole as it is. */
async function writeOtherName(index: string, change = (lines: string[]): string[] => lines): Promise<void> {
  const lines = change(await linesOf(index));
  await writeFile(
    index,
    sealed(lines.map((line) => line.replaceAll('name of run-007', 'seen in the index'))),
  );
}

async function listOf(folder: string): Promise<readonly RunListEntry[]> {
  const store = new RunStore(folder);
  onTestFinished(() => store.dispose());
  return store.list();
}

test('runs that are as they were come from the index, whose equal parts they share', async () => {
  const { folder, index } = await indexedFolder();
  const lines = await linesOf(index);
  expect(await readFile(index, 'utf8')).toBe(sealed(lines));
  expect(lines.filter((line) => line.startsWith('{"part"'))).toHaveLength(4);
  await writeOtherName(index);
  const names = (await listOf(folder)).flatMap((entry) =>
    entry.state === 'ok' ? [entry.manifest.name] : [],
  );
  expect(names).toContain('seen in the index');
  expect(names).toHaveLength(fewestIndexed + 5);
});

test.each<[string, (lines: string[]) => string[]]>([
  ['is of a later format', ([, ...lines]) => ['{"format":2}', ...lines]],
  ['has a torn first line', ([head, ...lines]) => [head!.slice(0, 6), ...lines]],
  [
    'says of a run what no run is',
    (lines) =>
      lines.map((line) =>
        line.includes('run-007') ? line.replace(/"own":.*/, '"own":{"name":"name of run-007"}}') : line,
      ),
  ],
  [
    'says so in a later line of the run',
    (lines) => [...lines, lines.find((line) => line.includes('run-007'))!.replace(/"own":.*/, '"own":{}}')],
  ],
])('an index that %s is not believed', async (_, change) => {
  const { folder, index } = await indexedFolder();
  await writeOtherName(index, change);
  const runs = await listOf(folder);
  expect(runs.map((entry) => entry.state === 'ok' && entry.manifest.name)).toContain('name of run-007');
  expect(runs).toHaveLength(fewestIndexed + 5);
});

test.each<[string, (text: string) => string]>([
  ['has another byte in a name', (text) => text.replace('name of run-007', 'name of run-077')],
  ['lacks its checksum', (text) => text.replace(/\{"crc32".*\n/, '')],
  ['goes on behind its checksum', (text) => `${text}{"part":9,"value":{}}\n`],
])('an index that %s is not what was written, and not believed', async (_, change) => {
  const { folder, index } = await indexedFolder();
  const text = (await readFile(index, 'utf8')).replaceAll('name of run-008', 'seen in the index');
  await writeFile(index, change(sealed(text.trimEnd().split('\n').slice(0, -1))));
  const names = (await listOf(folder)).map((entry) => entry.state === 'ok' && entry.manifest.name);
  expect(names).toEqual(expect.arrayContaining(['name of run-007', 'name of run-008']));
});

test('runs that may change without their files, or were changed just now, do not stand in the index', async () => {
  const { index, ids } = await indexedFolder(async (folder) => {
    const [live, fresh] = ['run-001', 'run-002'].map((id) => runPaths(join(folder, id)).manifest);
    const text = await readFile(live!, 'utf8');
    await writeFile(live!, text.replace('"finished"', '"running"'));
    await utimes(live!, long, long);
    // Not even a slow machine takes an hour until it is looked at.
    const soon = new Date(Date.now() + 3_600_000);
    await utimes(fresh!, soon, soon);
  });
  const text = await readFile(index, 'utf8');
  expect(ids.filter((id) => !text.includes(`"id":"${id}"`))).toEqual(['run-001', 'run-002']);
});

test('nothing is written without leave, nor for few runs', async () => {
  const { folder, index, ids } = await indexedFolder();
  await rm(index);
  await listOf(folder);
  for (const id of ids.slice(fewestIndexed - 1)) await rm(join(folder, id), { recursive: true });
  const store = new RunStore(folder, { mayWriteIndex: () => true });
  await store.list();
  await store.list();
  store.dispose();
  await expect(stat(index)).rejects.toThrow('ENOENT');
});

/** What may happen to runs, or to the index, while nobody looks. */
const mishap = fc.oneof(
  fc.record({ does: fc.constantFrom('remove', 'edit', 'break', 'retouch'), run: fc.nat(fewestIndexed) }),
  fc.record({ does: fc.constant('add'), run: fc.nat(1000) }),
  fc.record({
    does: fc.constantFrom('move', 'copy', 'replace'),
    run: fc.nat(fewestIndexed),
    to: fc.nat(1000),
  }),
  fc.record({
    does: fc.constantFrom('cut', 'flip', 'double'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
);

test('whatever has happened to runs and index, what is listed is what the folder holds', async () => {
  const { folder, index, ids } = await indexedFolder();
  const original = await readFile(index);
  let added = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(mishap, { minLength: 1, maxLength: 12 }), async (mishaps) => {
      await writeFile(index, original);
      for (const one of mishaps) await happen(one);
      const listed = await listOf(folder);
      await rm(index);
      expect(listed).toEqual(await listOf(folder));
    }),
    { numRuns: 25 },
  );

  async function happen(one: typeof mishap extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
    if ('at' in one) {
      const bytes = readFileSync(index);
      if (bytes.length === 0) return;
      const at = Math.floor(one.at * (bytes.length - 1));
      if (one.does === 'cut') writeFileSync(index, bytes.subarray(0, at));
      // A byte that is no text: what it stood in is no longer JSON, or another word.
      else if (one.does === 'flip') writeFileSync(index, bytes.fill(0xff, at, at + 1));
      else writeFileSync(index, Buffer.concat([bytes, bytes.subarray(at)]));
      return;
    }
    const id = ids[one.run % ids.length]!;
    const from = join(folder, id);
    if (one.does === 'add') return makeRun(folder, `added-${++added}`, 'another');
    const paths = runPaths(from);
    const text = await readFile(paths.manifest, 'utf8').catch(() => null);
    if (text === null) return;
    if ('to' in one) {
      const to =
        one.does === 'replace' ? join(folder, ids[one.to % ids.length]!) : join(folder, `to-${++added}`);
      if (to === from) return;
      await rm(to, { recursive: true, force: true });
      if (one.does === 'copy') await cp(from, to, { recursive: true, preserveTimestamps: true });
      else await rename(from, to);
    } else if (one.does === 'remove') await rm(from, { recursive: true });
    else if (one.does === 'break') await writeFile(paths.manifest, text.slice(0, 100));
    // As long as before.
    else if (one.does === 'edit') await writeFile(paths.manifest, text.replace('name of', 'text in'));
    else await writeFile(paths.manifest, text);
  }
});

test('runs in a folder that is a link, as `--runs` may name one, are listed, with the index and without', async () => {
  const { folder } = await indexedFolder();
  const away = join(await temporaryFolder(), 'elsewhere');
  await rename(folder, away);
  const link = join(await temporaryFolder(), 'link');
  await symlink(away, link, 'dir');
  const moved = join(away, '.index.jsonl');
  await writeOtherName(moved);
  const names = (await listOf(link)).map((run) => run.state === 'ok' && run.manifest.name);
  expect(names).toHaveLength(fewestIndexed + 5);
  expect(names).toContain('seen in the index');
  await rm(moved);
  const store = new RunStore(link, { mayWriteIndex: () => true });
  onTestFinished(() => store.dispose());
  expect(await store.list()).toHaveLength(fewestIndexed + 5);
  await eventually('the index', () =>
    stat(moved).then(
      () => true,
      () => false,
    ),
  );
});
