import { availableParallelism } from 'node:os';
import { inputOf, parseEncoder, type Encoder } from '../../data/encode/encoder.js';
import { createEngine } from '../../engine/create-engine.js';
import type { Engine } from '../../engine/engine.js';
import { membersWeights } from '../../engine/members.js';
import type { Experiment } from '../../experiment/schema.js';
import type { NetworkDescription } from '../../network/description.js';
import type { NamedArrays } from '../../network/parameters.js';
import { buildNetwork } from '../../network/variants.js';
import { doLater } from '../../run/files/file-work.js';
import { readManifest } from '../../run/manifest.js';
import { readIfThere } from '../../run/files/run-file.js';
import type { RunPaths } from '../../run/files/run-paths.js';
import { InputError } from '../../shared/errors.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import { decodeWeights } from '../../training/checkpoint/checkpoint.js';
import { optimizerSettings } from '../../training/optimizer-settings.js';
import { experimentFileOf, experimentOf } from '../runs/kept-experiment.js';
import { readCheckpoint } from '../training/checkpoint-file.js';

/** A trained run, ready to predict. */
export interface Model {
  readonly manifest: RunManifest;
  readonly experiment: Experiment;
  /** Returns its path, to whose folder the experiment's sources are relative. */
  readonly experimentFile: () => string;
  readonly encoder: Encoder;
  readonly network: NetworkDescription;
  /** The weights of each member. */
  readonly members: readonly NamedArrays[];
  readonly epoch: number;
}

/** Bytes of an encoder: no text of Node's is longer. */
const mostEncoderBytes = 5e8;

/** Reads a run with its best epoch's weights; the last ones where no epoch was finished. */
export async function readModel(paths: RunPaths): Promise<Model> {
  const reading = await readManifest(paths.folder);
  if (reading.state !== 'ok') {
    throw new InputError('run.unreadable', reading.state === 'gone' ? 'the run is gone' : reading.reason, {
      file: paths.manifest,
    });
  }
  const { manifest } = reading;
  const experiment = experimentOf(manifest, paths);
  const encoderText = (await doLater(readIfThere(paths.encoder, mostEncoderBytes)))?.toString('utf8');
  const bytes = (await readCheckpoint(paths.bestCheckpoint)) ?? (await readCheckpoint(paths.lastCheckpoint));
  if (encoderText === undefined || bytes === null) {
    throw new InputError('run.no-weights', `run ${manifest.id} has no weights yet; let it train first`, {
      file: paths.folder,
    });
  }
  const encoder = encoderIn(encoderText, paths.encoder);
  const network = buildNetwork(experiment.model, inputOf(encoder), encoder.tasks);
  const { members } = experiment.training;
  const { weights, epoch } = decodeWeights(bytes, network, members);
  return {
    manifest,
    experiment,
    experimentFile: () => experimentFileOf(manifest, paths),
    encoder,
    network,
    members: membersWeights(weights, members),
    epoch,
  };
}

/** Returns an engine with the weights of a model's member. */
export const engineOf = ({ experiment, network, members }: Model, member = 0): Promise<Engine> =>
  createEngine(experiment.engine.use, {
    description: network,
    weights: members[member]!,
    optimizer: optimizerSettings(experiment.training),
    threads: experiment.engine.threads ?? availableParallelism(),
  });

/** Only predictions of the same tasks can be averaged. */
export function failOnOtherTasks(one: Model, other: Model): void {
  const tasksOf = ({ encoder }: Model): string =>
    JSON.stringify(encoder.tasks.map(({ name, kind, classes }) => ({ name, kind, classes })));
  if (tasksOf(one) !== tasksOf(other))
    throw new InputError(
      'predict.tasks',
      `run ${other.manifest.id} does not predict what ${one.manifest.id} does: only runs of the same tasks, ` +
        'kinds and classes have a mean',
    );
}

/** What is told of a run beside its predictions; members only where there are several. */
export const runNotes = ({ manifest: { id, name }, epoch, members }: Model) => ({
  ...{ id, name, epoch },
  ...(members.length > 1 && { members: members.length }),
});

function encoderIn(json: string, file: string): Encoder {
  try {
    return parseEncoder(json);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError('run.encoder', `the run's encoder is damaged: ${why}; train the run again`, {
      file,
    });
  }
}
