import { availableParallelism } from 'node:os';
import type { PreparedData } from '../../data/prepared.js';
import { ExperimentError, placed } from '../../experiment/experiment-error.js';
import { settle, type Settled } from '../../experiment/chosen-defaults.js';
import { writtenIn } from '../../experiment/load.js';
import type { Experiment } from '../../experiment/schema.js';
import type { NetworkDescription } from '../../network/description.js';
import { countParameters, type ParameterPart } from '../../network/parameters.js';
import { holdsTables } from '../../network/fields/tables.js';
import { buildNetwork, matchedModel } from '../../network/variants.js';
import type { Matched } from '../../shared/run/run-manifest.js';
import { batchesOf } from '../../training/batches.js';
import { epochScore } from '../../training/optimizer-settings.js';
import { createWeighting } from '../../training/weighting/create-weighting.js';
import { withPlaces } from './error-places.js';
import { memoryProblem, sizesOf } from './memory-limit.js';
import { networkWarnings } from './network-warnings.js';
import { knownText, type ExperimentFile } from './read-data.js';

/** All that a training needs, read and checked. Nothing has been written yet. */
export interface TrainingPlan {
  readonly experiment: Experiment;
  readonly data: PreparedData;
  readonly description: NetworkDescription;
  /** Of all members. */
  readonly parameters: number;
  readonly parts: Readonly<Record<ParameterPart, number>>;
  /** The experts' layers as `model.match` has chosen them; null: it has not. */
  readonly matched: Matched | null;
  readonly threads: number;
  /** The settings that were chosen for the table, by path. */
  readonly chosen: Settled['chosen'];
  /** The numbers beside which nothing stands, because no label bends along them. */
  readonly alone: readonly string[];
  /** What a person must know of the network. */
  readonly warnings: readonly string[];
}

/** Returns an experiment with what is chosen for its table; one whose text is not known says everything. */
export function settled(experiment: Experiment, data: PreparedData, file: ExperimentFile): Settled {
  const text = knownText(file);
  if (text === undefined) return { experiment, chosen: {} };
  return settle(experiment, writtenIn(text), {
    rows: data.train.rows,
    numeric: data.encoder.numeric.length,
    values: data.input.fields.reduce((most, { size }) => Math.max(most, size), 0),
  });
}

/**
 * Makes the network of an experiment for its data. `threads` replaces what the experiment says. Throws
 * InputError if the settings do not fit the data, or the model does not fit into memory.
 */
export function planTraining(
  given: Experiment,
  data: PreparedData,
  file: ExperimentFile,
  threads = given.engine.threads ?? availableParallelism(),
): TrainingPlan {
  const { experiment, chosen } = settled(given, data, file);
  const description = withPlaces(file, () => {
    epochScore(experiment.training, data.tasks);
    const network = buildNetwork(experiment.model, data.input, data.tasks);
    // Some ways of weighing need weights that tasks share.
    createWeighting(experiment.training, network);
    requireTables(experiment, network);
    return network;
  });
  const tooLarge = memoryProblem(description, sizesOf({ experiment, data, threads }));
  if (tooLarge !== null) throw placed(tooLarge, knownText(file));
  const { total: parameters, parts } = countParameters(description, experiment.training.members);
  const matched = matchedModel(experiment.model, data.input, data.tasks);
  const warnings = networkWarnings(description);
  const alone = straightNumbers(experiment, data);
  return { experiment, data, description, parameters, parts, matched, threads, chosen, alone, warnings };
}

/** Returns the numbers that could have inputs beside them, and have none, as no label bends along them. */
function straightNumbers(
  { columns, data: { scale: ofAll } }: Experiment,
  { encoder }: PreparedData,
): string[] {
  const isAsked = (name: string): boolean => {
    const column = columns[name];
    const own = typeof column === 'object' && column.kind === 'numeric' ? column.scale : undefined;
    const scale = own ?? ofAll;
    if (typeof scale !== 'object' || scale.beside !== 'nonlinear') return false;
    const { bins, piecewise, values, periodic } = scale;
    return [bins, piecewise, values, periodic].some((part) => part !== undefined);
  };
  return encoder.numeric
    .filter(({ name, beside, periodic }) => beside === undefined && periodic === undefined && isAsked(name))
    .map(({ name }) => name);
}

/** Throws ExperimentError where tables cannot move row by row, because weights are held close to each other. */
function requireTables({ training }: Experiment, network: NetworkDescription): void {
  const { tables } = training;
  if (tables === 'dense' || !holdsTables(network)) return;
  const message =
    `${network.variant} holds the weights of one-hot columns close to each other in every step, and with ` +
    `"${tables}" only those of a batch’s rows move; use "dense"`;
  throw new ExperimentError('training.tables', message, ['training', 'tables']);
}

/** Returns the number of steps of an epoch. */
export const stepsPerEpochOf = ({ data, experiment, description }: TrainingPlan): number =>
  batchesOf(data.train.rows, experiment.training.batchSize, description).count;
