import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import * as v from 'valibot';
import { runManifestSchema, type RunManifest } from '../../shared/run/run-manifest.js';
import { Slices } from '../files/slices.js';
import { doLater } from '../files/file-work.js';
import { readLines } from '../files/lines.js';
import { appendTo, close, openToAppend, openToRead, removeFile, renameFile } from '../files/run-file.js';
import { indexName } from '../files/run-paths.js';
import { putTogether, takeApart } from './shared-parts.js';

/**
 * The index of a runs folder: the manifests of the runs that have ended, in one file, so that a look at very
 * many runs does not open them all. It is a copy and never the truth: each run stands in it with the stamp
 * that its files had, and counts only as long as they still have it. Whoever finds it behind writes it anew;
 * one that is not what was written is as if it were not there.
 *
 * Its lines are JSON: `{"format":1}`, then parts that runs share, `{"part":0,"value":…}`, and runs,
 * `{"id":…,"stamp":…,"shared":{"data":0,…},"own":{…}}`, and at last `{"crc32":…}` of all lines before.
 */

/** Fewer runs are read faster than anybody notices. */
export const fewestIndexed = 200;

export interface IndexedRun {
  readonly stamp: string;
  readonly manifest: RunManifest;
}

const headSchema = v.object({ format: v.literal(1) });
const partSchema = v.object({ part: v.number(), value: v.unknown() });
const runSchema = v.object({
  id: v.string(),
  stamp: v.string(),
  shared: v.record(v.string(), v.number()),
  own: v.record(v.string(), v.unknown()),
});

const endSchema = v.object({ crc32: v.number() });

/** Not parsed, which would copy what is shared. */
const isManifest = (value: unknown): value is RunManifest =>
  v.is(runManifestSchema, value) && value.comparison !== undefined;

/** Reads the index; empty where there is none, or none that this version knows. */
export async function readIndex(runsFolder: string): Promise<Map<string, IndexedRun>> {
  const runs = new Map<string, IndexedRun>();
  const parts = new Map<number, unknown>();
  let isKnown: boolean | null = null;
  /** `isWhole`: the last line was the checksum of all others. */
  const found = { checksum: 0, isWhole: false };
  const take = (line: string): void => {
    if (isKnown === false) return;
    found.isWhole = false;
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      isKnown = false;
      return;
    }
    if (v.is(endSchema, json)) {
      found.isWhole = json.crc32 === found.checksum;
      return;
    }
    found.checksum = crc32(`${line}\n`, found.checksum);
    if (isKnown === null) isKnown = v.is(headSchema, json);
    else if (v.is(partSchema, json)) parts.set(json.part, json.value);
    else if (v.is(runSchema, json)) {
      const shared = new Map(Object.entries(json.shared).map(([place, part]) => [place, parts.get(part)]));
      const manifest: unknown = putTogether(json.own, shared);
      // A later line of the same run counts.
      if (isManifest(manifest)) runs.set(json.id, { stamp: json.stamp, manifest });
      else runs.delete(json.id);
    }
  };
  let file: number;
  try {
    file = await doLater(openToRead(join(runsFolder, indexName)));
  } catch {
    return runs;
  }
  try {
    const slices = new Slices();
    for await (const lines of readLines(file)) {
      for (const line of lines) {
        take(line);
        if (slices.isOver) await slices.next();
      }
    }
  } catch {
    found.isWhole = false;
  } finally {
    await doLater(close(file));
  }
  return found.isWhole ? runs : new Map<string, IndexedRun>();
}

/** The text that is collected before it is written. */
const textAtOnce = 1 << 20;

/** Writes the index as a whole. Nobody sees it half written; of two who write at once, one is kept. */
export async function writeIndex(
  runsFolder: string,
  runs: Iterable<readonly [id: string, run: IndexedRun]>,
): Promise<void> {
  const path = join(runsFolder, indexName);
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  const file = await doLater(openToAppend(temporary));
  try {
    try {
      const slices = new Slices();
      const numbers = new Map<object, number>();
      // Parts of different looks are equal, and not the same.
      const texts = new Map<string, number>();
      let checksum = 0;
      let text = `${JSON.stringify({ format: 1 })}\n`;
      const append = async (more: string): Promise<void> => {
        checksum = crc32(more, checksum);
        await doLater(appendTo(file, more));
      };
      for (const [id, { stamp, manifest }] of runs) {
        const { shared, own } = takeApart(manifest);
        const places: Record<string, number> = {};
        for (const [place, value] of shared) {
          let number = numbers.get(value);
          if (number === undefined) {
            const part = JSON.stringify(value);
            number = texts.get(part) ?? texts.size;
            numbers.set(value, number);
            if (!texts.has(part)) text += `{"part":${number},"value":${part}}\n`;
            texts.set(part, number);
          }
          places[place] = number;
        }
        text += `${JSON.stringify({ id, stamp, shared: places, own })}\n`;
        if (text.length >= textAtOnce) {
          await append(text);
          text = '';
        }
        if (slices.isOver) await slices.next();
      }
      await append(text);
      await doLater(appendTo(file, `${JSON.stringify({ crc32: checksum })}\n`));
    } finally {
      await doLater(close(file));
    }
    await doLater(renameFile(temporary, path));
  } catch (error) {
    await doLater(removeFile(temporary));
    throw error;
  }
}
