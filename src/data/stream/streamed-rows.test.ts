import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadExperiment } from '../../experiment/load.js';
import type { ExperimentInput } from '../../experiment/schema.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { isStreamed, type PartOfRows } from '../../network/streamed-rows.js';
import { planData } from '../decide/data-plan.js';
import { Database } from '../duckdb/database.js';
import type { Encoder } from '../encode/encoder.js';
import { fitEncoder } from '../encode/fit-encoder.js';
import { gatherRows } from '../gather/gather-rows.js';
import { labelCounts } from '../label-counts.js';
import { leaksOf, sharedIdWarnings } from '../leaks.js';
import { inMemory, type PreparedData } from '../prepared.js';
import { loadSelections } from '../read/load-selections.js';
import { csv, TempWorkspace } from '../temp-workspace.fixture.js';
import { RowCache } from './cache.js';
import { RowWriter } from './row-writer.js';
import type { Verification } from './verification.js';

let workspace: TempWorkspace;
let opened: PreparedData[] = [];
beforeEach(async () => {
  workspace = await TempWorkspace.create({ 'a.csv': table(3000), 'b.csv': table(500) });
  opened = [];
});
afterEach(async () => {
  for (const { stream } of opened) stream?.close();
  await workspace.remove();
});

const table = (rows: number): string =>
  csv(rows, {
    user_id: (row) => (row % 97 === 5 ? '' : `u${(row * 7919) % 401}`),
    city: (row) => ['Oslo', 'Größe', 'Rome', ''][row % 4]!,
    age: (row) => (row % 31 === 3 ? '' : 18 + ((row * 13) % 60)),
    price: (row) => ((row * 7919) % 1009) / 7,
    weight: (row) => (row % 11 === 0 ? 0 : 1 + (row % 3)),
    guess: (row) => (row % 5 === 0 ? '' : ((row * 31) % 100) / 100),
    bought: (row) => (row % 13 === 1 ? '' : (row * 7919) % 5 > 2 ? 1 : 0),
    minutes: (row) => (row % 7 === 1 ? '' : ((row * 37) % 83) / 3),
  });

const experiment: ExperimentInput = {
  defaults: 2,
  data: { source: 'a.csv', validation: 0.2, test: { source: 'b.csv' }, weight: 'weight', where: 'age <> 20' },
  columns: {
    user_id: { kind: 'categorical', encode: { embedding: 4 }, minCount: 3, maxValues: 200 },
    city: { kind: 'categorical', encode: { embedding: 2, hash: 5 } },
    price: { kind: 'numeric', scale: { number: 'quantile', bins: 8, edges: 'target', values: 5 } },
    age: { kind: 'numeric', scale: 'log' },
  },
  tasks: [
    { label: 'bought', teacher: { value: 'guess', weight: 0.5 } },
    { label: 'minutes', kind: 'regression' },
  ],
};

async function prepared(stream: boolean, more: Partial<ExperimentInput> = {}): Promise<PreparedData> {
  const data = { ...experiment.data, ...more.data, stream };
  const found = await workspace.prepareAnywhere({ ...experiment, ...more, data });
  opened.push(found);
  return found;
}

async function rowsOf(part: PartOfRows | null): Promise<EncodedRows | null> {
  if (part === null || !isStreamed(part)) return part;
  const rows = part.room(part.rows);
  // In uneven steps, across blocks.
  for (let at = 0, size = 1; at < part.rows; at += size, size = 1 + ((size * 7) % 501))
    await part.read(at, Math.min(size, part.rows - at), rows, at);
  return rows;
}

const kept = (): string[] =>
  existsSync(join(workspace.folder, '.mmoe', 'cache'))
    ? readdirSync(join(workspace.folder, '.mmoe', 'cache'))
        .filter((name) => !/\.read-\d+$/.test(name))
        .sort()
    : [];

it('streamed rows are those in memory to the bit, with what is known of them', async () => {
  const held = await prepared(false);
  const streamed = await prepared(true);
  expect(streamed.stream).not.toBeNull();
  for (const part of ['train', 'validation', 'test'] as const)
    expect(await rowsOf(streamed[part])).toEqual(held[part]);
  const { encoder, fingerprint, outside, warnings, source, vocabularies } = streamed;
  expect(vocabularies).toHaveLength(2);
  expect({ encoder, fingerprint, outside, warnings, source, vocabularies }).toEqual({
    vocabularies: held.vocabularies,
    encoder: held.encoder,
    fingerprint: held.fingerprint,
    outside: held.outside,
    warnings: held.warnings,
    source: held.source,
  });
  expect(labelCounts(streamed)).toEqual(labelCounts(held));
  expect(leaksOf(streamed)).toEqual(leaksOf(held));
  expect(await sharedIdWarnings(streamed)).toEqual(await sharedIdWarnings(held));
});

it('numbers of which few are sorted at once still know all means and ranges', async () => {
  const { columns, labels, rows } = await (async () => {
    const held = inMemory(await prepared(false, { data: { ...experiment.data, test: 0 } }));
    return { columns: held.encoder.numeric, labels: held.tasks, rows: held.train.rows };
  })();
  expect(rows).toBeGreaterThan(1000);
  const few = await fittedWith(1 + Math.floor(rows / 10));
  for (const [i, { fill, range, indicator, scale }] of few.numeric.entries()) {
    const all = columns[i]!;
    expect({ fill, range, indicator }).toEqual({
      fill: all.fill,
      range: all.range,
      indicator: all.indicator,
    });
    if (scale.kind === 'log') expect(scale).toEqual(all.scale);
    if (scale.kind === 'quantile' && all.scale.kind === 'quantile')
      expect(scale.quantiles[scale.quantiles.length >> 1]).toBeCloseTo(all.scale.quantiles[500]!, -1);
  }
  expect(few.tasks.map(({ mean, sd, positive, limits }) => ({ mean, sd, positive, limits }))).toEqual(
    labels.map(({ mean, sd, positive, limits }) => ({ mean, sd, positive, limits })),
  );
});

/** Learns an encoder with room for so many numbers. */
async function fittedWith(most: number): Promise<Encoder> {
  const text = JSON.stringify({ ...experiment, data: { ...experiment.data, test: 0 } });
  const parsed = await loadExperiment(await workspace.write('few.mmoe.json', text), []);
  const db = await Database.open(workspace.folder);
  try {
    const loaded = await loadSelections(db, parsed, {
      folder: workspace.folder,
      workspace: workspace.folder,
    });
    const plan = await planData(db, loaded, parsed);
    return fitEncoder(plan, await gatherRows(db, plan), parsed, { mostAtOnce: most }).encoder;
  } finally {
    db.close();
  }
}

describe('the file of streamed rows', () => {
  it('is kept, and the next training starts from it without reading the table', async () => {
    const first = await prepared(true);
    expect(first.stream!.path).toMatch(/\.mmoe.cache.[0-9a-f]{32}\.rows$/);
    expect(kept()).toEqual([basename(first.stream!.path!)]);
    expect(readFileSync(join(workspace.folder, '.mmoe', '.gitignore'), 'utf8')).toBe('*\n');
    const heard: string[] = [];
    const again = await workspace.prepareAnywhere(
      { ...experiment, data: { ...experiment.data, stream: true, window: 100 } },
      { onProgress: (text) => heard.push(text) },
    );
    opened.push(again);
    expect(heard).toEqual([]);
    expect(again.stream!.window).toBe(100);
    expect(await rowsOf(again.train)).toEqual(await rowsOf(first.train));
    expect(again.stream!.known).toEqual(first.stream!.known);
  });

  it.each<[string, (() => void) | null, Partial<ExperimentInput>]>([
    ['a table', () => writeFileSync(workspace.path('a.csv'), table(2999)), {}],
    ['the time of a table', () => utimesSync(workspace.path('b.csv'), 1e9, 1e9), {}],
    ['an encoding', null, { columns: { ...experiment.columns, age: { kind: 'numeric', scale: 'minmax' } } }],
    ['a split', null, { data: { ...experiment.data, seed: 2 } }],
  ])('is another one where %s has changed', async (_, change, more) => {
    await prepared(true);
    change?.();
    await prepared(true, more);
    expect(kept()).toHaveLength(2);
  });

  it('stays the same where the model, the training or a name has changed', async () => {
    await prepared(true);
    await prepared(true, { name: 'other', model: { variant: 'omoe' }, training: { seed: 7, epochs: 3 } });
    expect(kept()).toHaveLength(1);
  });

  it.each([
    ['its head', 20],
    ['its footer', -30],
  ])('is made anew where %s was changed', async (_, at) => {
    const { stream, fingerprint } = await prepared(true);
    flip(stream!.path!, at);
    const again = await prepared(true);
    expect(again.fingerprint).toBe(fingerprint);
    expect(kept()).toHaveLength(1);
  });

  it('is refused where rows of it were changed, and then made anew', async () => {
    const { stream, train } = await prepared(true);
    flip(stream!.path!, 64 + 1000);
    const again = await prepared(true);
    await expect(rowsOf(again.train)).rejects.toThrow(/is not what was written any more/);
    expect(kept()).toEqual([]);
    expect((await rowsOf((await prepared(true)).train))!.rows).toBe(train.rows);
  });

  it('is none where it is cut off', async () => {
    const { stream } = await prepared(true);
    truncateSync(stream!.path!, statSync(stream!.path!).size - 1);
    expect((await prepared(true)).train.rows).toBeGreaterThan(0);
  });

  it('has no name where rows follow from no file, or may be others the next time', async () => {
    const drawn = await workspace.prepareAnywhere({
      data: { source: { synthetic: { rows: 500, dimensions: 4 } }, stream: true },
      tasks: [{ label: 'y1' }, { label: 'y2' }],
    });
    opened.push(drawn);
    const random = await prepared(true, {
      data: { source: { sql: "select *, random() as luck from 'a.csv'" }, test: 0.1 },
    });
    for (const { stream } of [drawn, random]) expect(stream!.path).toBeNull();
    expect(kept()).toEqual([]);
    expect((await rowsOf(drawn.train))!.rows).toBe(400);
  });

  it('is not written through a link', async () => {
    await mkdir(workspace.path('elsewhere'));
    await mkdir(workspace.path('.mmoe'));
    symlinkSync(workspace.path('elsewhere'), workspace.path('.mmoe/cache'));
    await expect(prepared(true)).rejects.toThrow(/is a link/);
    expect(readdirSync(workspace.path('elsewhere'))).toEqual([]);
  });

  it('is not written where nobody has asked for it, and read where it is there', async () => {
    const unasked = (other: ExperimentInput): Promise<PreparedData> =>
      workspace.prepareAnywhere(other, { isUnasked: true });
    const streamed = { ...experiment, data: { ...experiment.data, stream: true } };
    const drawn: ExperimentInput = {
      data: { source: { synthetic: { rows: 500, dimensions: 4 } }, stream: true },
      tasks: [{ label: 'y1' }],
    };
    for (const one of [streamed, drawn])
      await expect(unasked(one)).rejects.toThrow(
        /stay on the disk, about .*B, and are not written .* unasked/,
      );
    expect(existsSync(join(workspace.folder, '.mmoe'))).toBe(false);
    const { fingerprint } = await prepared(true);
    const again = await unasked(streamed);
    opened.push(again);
    expect(again.fingerprint).toBe(fingerprint);
  });

  it('is made once where two want it at the same time', async () => {
    const heard: string[] = [];
    const [one, other] = await Promise.all(
      [1, 2].map(() =>
        workspace.prepareAnywhere(
          { ...experiment, data: { ...experiment.data, stream: true } },
          { onProgress: (text) => heard.push(text) },
        ),
      ),
    );
    opened.push(one!, other!);
    expect(heard.filter((text) => text === 'Reading the data')).toHaveLength(1);
    expect(heard).toContain('Waiting for another program that encodes these rows');
    expect(await rowsOf(one!.train)).toEqual(await rowsOf(other!.train));
  });

  it('is made where the program that was making it has died', async () => {
    const { stream } = await prepared(true);
    await rm(stream!.path!);
    // No process has this number.
    writeFileSync(`${stream!.path}.lock`, '2147483647');
    writeFileSync(join(workspace.folder, '.mmoe', 'cache', '.2147483647-0123456789abcdef'), 'left over');
    expect((await prepared(true)).train.rows).toBeGreaterThan(0);
    expect(kept()).toEqual([basename(stream!.path!)]);
  });

  it('needs room on the disk, which is asked for first', async () => {
    const heard: string[] = [];
    opened.push(
      await workspace.prepareAnywhere(
        { ...experiment, data: { ...experiment.data, stream: true } },
        { onNote: (text) => heard.push(text) },
      ),
    );
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatch(/^the rows stay on the disk: about .*B in .*cache/);
    const cache = new RowCache(workspace.folder);
    expect(() => cache.requireRoom(1e18)).toThrow(/these rows need .* of disk .* free .* make room/);
    expect(cache.list().map(({ path }) => basename(path))).toEqual(kept());
    expect(cache.clear()).toEqual([]);
    expect(kept()).toHaveLength(1);
    for (const { stream } of opened.splice(0)) stream!.close();
    expect(cache.clear()[0]!.bytes).toBeGreaterThan(3000);
    expect(kept()).toEqual([]);
  });
});

describe('a file that is used again is verified', () => {
  /** Uses what is kept; the second time there is something to verify. */
  async function usedAgain(): Promise<Verification> {
    const { stream } = await prepared(true);
    return stream!.verification()!;
  }

  it('and is sound where nothing has changed, or the table has after it was opened', async () => {
    expect((await prepared(true)).stream!.verification()).toBeNull();
    await (await usedAgain()).ended();
    const { stream } = await prepared(true);
    writeFileSync(workspace.path('a.csv'), table(2999));
    await stream!.verification()!.ended();
    expect(kept()).toHaveLength(1);
  });

  it('and is not used any more where any byte of its rows has changed', async () => {
    const { stream } = await prepared(true);
    const path = stream!.path!;
    const footerAt = Number(readFileSync(path).readBigUInt64LE(16));
    const bytes = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 64, max: footerAt - 1 }), async (at) => {
        writeFileSync(path, bytes);
        flip(path, at);
        const verification = await usedAgain();
        await expect(verification.ended()).rejects.toThrow(
          /cache.*is not what was written any more \(a block of the/,
        );
        expect(() => verification.check()).toThrow(/mmoe resume/);
        expect(kept()).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  it('and is not used any more where the table has other content with the same size and time', async () => {
    utimesSync(workspace.path('b.csv'), 1e9, 1e9);
    await prepared(true);
    writeFileSync(workspace.path('b.csv'), table(500).replace('Oslo', 'Bonn'));
    utimesSync(workspace.path('b.csv'), 1e9, 1e9);
    await expect((await usedAgain()).ended()).rejects.toThrow(/b\.csv is not what it was.*train anew/);
    expect(kept()).toEqual([]);
  });

  it('and nothing is found, or removed, once its reader has closed it', async () => {
    const { stream } = await prepared(true);
    flip(stream!.path!, 64 + 1000);
    const again = await prepared(true);
    const verification = again.stream!.verification()!;
    opened.splice(opened.indexOf(again), 1);
    again.stream!.close();
    await verification.ended();
    expect(kept()).toHaveLength(1);
  });
});

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  const place = at < 0 ? bytes.length + at : at;
  bytes[place] = bytes[place]! ^ 1;
  writeFileSync(path, bytes);
}

it.runIf(existsSync('/dev/full'))('a disk that becomes full while rows are written is told of', async () => {
  const { encoder, train } = inMemory(await prepared(false));
  const full = openSync('/dev/full', 'r+');
  try {
    const writer = new RowWriter(full, encoder, [{ part: 'train', weighted: true, taught: true }]);
    writer.append('train', train);
    expect(() => writer.end()).toThrow(/ENOSPC/);
  } finally {
    closeSync(full);
  }
});
