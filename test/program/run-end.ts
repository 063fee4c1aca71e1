import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { RunReader, type RunReading } from '../../src/run/reader.js';
import { RunHistory } from '../../src/shared/run/run-history.js';
import type { RunManifest } from '../../src/shared/run/run-manifest.js';

export type ReadRun = Extract<RunReading, { state: 'ok' }> & { history: RunHistory };

/** Reads a run that must be there. */
export async function readRun(folder: string): Promise<ReadRun> {
  const reading = await new RunReader(folder).read();
  if (reading.state !== 'ok')
    throw new Error(`run ${folder}: ${reading.state === 'gone' ? 'gone' : reading.reason}`);
  const history = new RunHistory();
  history.add(reading.events);
  return { ...reading, history };
}

/** Reads all that must be the same, to the bit, in two runs that have trained the same in the same way. */
export async function readEnd(folder: string) {
  const [{ manifest, history, status, skippedLines }, best, last, encoder, files] = await Promise.all([
    readRun(folder),
    readCheckpoint(join(folder, 'checkpoints/best.safetensors')),
    readCheckpoint(join(folder, 'checkpoints/last.safetensors')),
    readFile(join(folder, 'encoder.json'), 'utf8').then((text): unknown => JSON.parse(text)),
    readdir(folder, { recursive: true }),
  ]);
  return {
    status,
    manifest: asTrained(manifest),
    history: timeless(history),
    best,
    last,
    encoder,
    skippedLines,
    files: files.filter((name) => !ofTrainers.has(name)).sort(),
  };
}

/** A trainer that is killed after its run has ended leaves these, which then say nothing. */
const ofTrainers = new Set(['heartbeat', 'stop', 'run.json.lock', 'run.json.lock.break']);

/** Returns what a manifest says of the training, but for times and speeds. */
function asTrained(manifest: RunManifest) {
  const { data, tasks, network, engine, seed, epochs, stepsPerEpoch, parameters, summary, error } = manifest;
  return { data, tasks, network, engine, seed, epochs, stepsPerEpoch, parameters, summary, error };
}

/**
 * Reads the tensors of a safetensors file by name, and its texts without the times, which are never the same
 * twice. The best weights are left to best.safetensors: whether the last checkpoint holds them as well
 * depends on when that file was written.
 */
async function readCheckpoint(path: string): Promise<{ tensors: Map<string, string>; texts: unknown }> {
  const bytes = await readFile(path);
  const length = Number(bytes.readBigUInt64LE(0));
  const { __metadata__: texts, ...entries } = v.parse(
    checkpointSchema,
    JSON.parse(bytes.toString('utf8', 8, 8 + length)),
  );
  const progress = texts['progress'];
  if (progress !== undefined) {
    const { seconds: _, stepSeconds: __, ...rest } = JSON.parse(progress) as Record<string, unknown>;
    texts['progress'] = JSON.stringify(rest);
    // Of all bytes, and so of the times, too.
    delete texts['sha256'];
  }
  const tensors = new Map<string, string>();
  for (const [
    name,
    {
      shape,
      data_offsets: [from, to],
    },
  ] of Object.entries(entries)) {
    if (!name.startsWith('best.'))
      tensors.set(
        name,
        `${shape.join(' × ')}: ${bytes.toString('base64', 8 + length + from, 8 + length + to)}`,
      );
  }
  return { tensors, texts };
}

const checkpointSchema = v.objectWithRest(
  { __metadata__: v.record(v.string(), v.string()) },
  v.object({ shape: v.array(v.number()), data_offsets: v.tuple([v.number(), v.number()]) }),
);

/** Returns what a history says, but for times and speeds. */
function timeless(history: RunHistory): unknown {
  const { steps, epochs, routes, experts } = history;
  return JSON.parse(
    JSON.stringify({ steps, epochs, routes, experts }, (key, value: unknown) =>
      ['time', 'seq', 'rowsPerSecond'].includes(key) ? undefined : value,
    ),
  );
}
