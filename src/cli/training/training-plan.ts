import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import type { DataOptions } from '../../data/options.js';
import { prepareData } from '../../data/prepare.js';
import type { PreparedData } from '../../data/prepared.js';
import { createEngine } from '../../engine/create-engine.js';
import type { Engine } from '../../engine/engine.js';
import { giveBackFreed } from '../../engine/fused/machine/choose-target.js';
import { ExperimentError, placed, type ExperimentText } from '../../experiment/experiment-error.js';
import { workspaceOf } from '../../experiment/load.js';
import type { JsonPath } from '../../experiment/place.js';
import type { Experiment } from '../../experiment/schema.js';
import type { NetworkDescription } from '../../network/description.js';
import { countParameters, initialWeights, type ParameterPart } from '../../network/parameters.js';
import { buildNetwork, matchedModel } from '../../network/variants.js';
import { InputError } from '../../shared/errors.js';
import type { Matched } from '../../shared/run.js';
import { epochScore, optimizerSettings } from '../../training/optimizer-settings.js';
import { createWeighting } from '../../training/weighting/create-weighting.js';
import { memoryProblem } from './memory-limit.js';

/** All that a training needs, read and checked; nothing has been written yet. */
export interface Plan {
  readonly experiment: Experiment;
  readonly data: PreparedData;
  readonly description: NetworkDescription;
  readonly parameters: number;
  readonly parts: Readonly<Record<ParameterPart, number>>;
  /** How `model.match` has chosen the experts' layers; null: it has not. */
  readonly matched: Matched | null;
  readonly threads: number;
}

/**
 * Where an experiment stands (absolute), and what it says, so that errors name line and column; a text of
 * null: the file is gone.
 */
export type ExperimentFile = ExperimentText | { readonly path: string; readonly text: null };

/** Throws InputError where the data is not as the experiment says. */
export async function readData(
  experiment: Experiment,
  file: ExperimentFile,
  onProgress: (text: string) => void,
): Promise<PreparedData> {
  return prepareData(experiment, { ...dataOptions(file), onProgress, giveBack: giveBackFreed });
}

export function dataOptions(file: ExperimentFile): DataOptions {
  const known = textOf(file);
  return {
    folder: dirname(file.path),
    workspace: workspaceOf(file.path),
    ...(known !== undefined && { file: known }),
  };
}

const textOf = (file: ExperimentFile): ExperimentText | undefined => (file.text === null ? undefined : file);

/**
 * `threads`: other than the experiment says. Throws InputError where the settings do not fit the data, or the
 * model does not fit into memory.
 */
export function makePlan(
  experiment: Experiment,
  data: PreparedData,
  file: ExperimentFile,
  threads = experiment.engine.threads ?? availableParallelism(),
): Plan {
  const description = placedWork(file, () => {
    epochScore(experiment.training, data.tasks);
    const network = buildNetwork(experiment.model, data.input, data.tasks);
    // Some ways of weighing need weights that tasks share.
    createWeighting(experiment.training, network);
    return network;
  });
  const tooLarge = memoryProblem(description, sizesOf({ experiment, data, threads }));
  if (tooLarge !== null) throw placed(tooLarge, textOf(file));
  const { total: parameters, parts } = countParameters(description);
  const matched = matchedModel(experiment.model, data.input, data.tasks);
  return { experiment, data, description, parameters, parts, matched, threads };
}

/** What the work throws names its place in the experiment. */
function placedWork<Made>(file: ExperimentFile, work: () => Made): Made {
  try {
    return work();
  } catch (error) {
    const path = error instanceof InputError ? placesOfErrors[error.code] : undefined;
    throw error instanceof InputError && path !== undefined
      ? placed(new ExperimentError(error.code, error.message, path), textOf(file))
      : error;
  }
}

/** What of the experiment a mistake is about that only the data, or the network made for it, shows. */
const placesOfErrors: Readonly<Record<string, JsonPath>> = {
  'network.interactions': ['model', 'interactions'],
  'training.nothing-shared': ['training', 'lossWeighting'],
  'training.stop-early-task': ['training', 'stopEarly', 'task'],
  'training.stop-early-metric': ['training', 'stopEarly', 'metric'],
};

/** What the memory estimate depends on, beside the network. */
export function sizesOf({ experiment, data, threads }: Pick<Plan, 'experiment' | 'data' | 'threads'>): {
  batchSize: number;
  rows: number;
  threads: number;
} {
  const rows = data.train.rows + (data.validation?.rows ?? 0) + (data.test?.rows ?? 0);
  return { batchSize: experiment.training.batchSize, rows, threads };
}

export async function startEngine(plan: Plan): Promise<Engine> {
  const { description, experiment, threads } = plan;
  const { training, engine } = experiment;
  return createEngine(engine.use, {
    description,
    weights: initialWeights(description, training.seed),
    optimizer: optimizerSettings(training),
    seed: training.seed,
    threads,
  });
}
