import { existsSync } from 'node:fs';
import type { EngineInfo } from '../../engine/engine.js';
import type { Experiment } from '../../experiment/schema.js';
import type { RunWriter } from '../../run/writer.js';
import { InputError } from '../../shared/errors.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import type { TrainingJob } from '../../training/job.js';
import { readCheckpoint } from './checkpoint-file.js';
import { stepsPerEpochOf, type TrainingPlan } from './training-plan.js';

/** What it takes to go on with a run to the same bits, for one run and for those of a comparison. */

/**
 * Shows the run, until it trains, as one that a trainer has taken, as at its first start. Returns a function
 * that leaves the run as it was found.
 */
export function waitingFor(writer: RunWriter): () => void {
  const { status, error } = writer.manifest;
  if (status === 'finished') return () => writer.close();
  writer.update({ status: 'queued', error: null });
  return () => {
    if (existsSync(writer.paths.folder)) writer.update({ status, error });
    writer.close();
  };
}

/** Sets the engine and the number of threads that the run began with: only they give the same bits. */
export function withSameEngine(experiment: Experiment, manifest: RunManifest): Experiment {
  const used = manifest.engine;
  if (used === null) return experiment;
  const use = used.name === 'fused' || used.name === 'tensorflow' ? used.name : experiment.engine.use;
  return { ...experiment, engine: { ...experiment.engine, use, threads: used.threads } };
}

/**
 * Sets where the rows are and how many are shuffled together, as the run began: `auto` may decide otherwise for
 * another version, and runs of versions without streams had their rows in memory.
 */
export function withSameRows(experiment: Experiment, { data }: Pick<RunManifest, 'data'>): Experiment {
  if (data === null) return experiment;
  const { stream } = data;
  const { window: _, ...others } = experiment.data;
  const same =
    stream === undefined ? { ...others, stream: false } : { ...others, stream: true, window: stream.window };
  return { ...experiment, data: same };
}

/**
 * Returns the number of threads that the run began with, or that its comparison has planned for it; undefined:
 * the experiment says it.
 */
export const threadsOf = ({ engine, comparison }: RunManifest): number | undefined =>
  engine?.threads ?? comparison?.planned?.threads;

/** Returns what to say where a run goes on with another target than it began on; null: nothing. */
export function otherTargetWarning({ engine: used }: RunManifest, { target }: EngineInfo): string | null {
  if (used === null || used.target === target) return null;
  return (
    `warning: this run began on ${used.target} and goes on with ${target}: ` + 'the last digits may differ'
  );
}

/**
 * Reads where a run is, to go on with `plan`; null: it has no checkpoint, and begins anew. Throws InputError
 * where one is damaged, or an older version cut its epochs into other batches: its steps would no longer be the same.
 */
export async function checkpointsOf(
  { manifest, paths }: Pick<RunWriter, 'manifest' | 'paths'>,
  plan: TrainingPlan,
): Promise<TrainingJob['resume']> {
  const read = (path: string): Promise<Uint8Array | null> => readCheckpoint(path).catch(offerAnew);
  const [last, best] = await Promise.all([read(paths.lastCheckpoint), read(paths.bestCheckpoint)]);
  if (last === null) return null;
  const steps = stepsPerEpochOf(plan);
  if (manifest.stepsPerEpoch !== null && manifest.stepsPerEpoch !== steps) {
    throw new InputError(
      'run.other-batches',
      `run ${manifest.id} was begun by an older version, whose epochs have ${manifest.stepsPerEpoch} steps and ` +
        `not ${steps}: its last batch of few rows spoils batch normalization; train it anew`,
    );
  }
  return { last, best };
}

/** Says of a damaged checkpoint what helps, where a run is to go on with it. */
function offerAnew(error: unknown): never {
  if (!(error instanceof InputError) || error.code !== 'checkpoint.damaged') throw error;
  const message =
    'this checkpoint is damaged: its bytes are not those that were written (SHA-256), so the run cannot go on from ' +
    'it; put back a copy of the file, or delete the files of its folder: mmoe resume then trains the run anew, to ' +
    'the same weights';
  throw new InputError(error.code, message, error.place, error);
}
