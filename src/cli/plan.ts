import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { prepareData } from '../data/prepare.js';
import type { PreparedData } from '../data/prepared.js';
import { createEngine } from '../engine/create.js';
import type { Engine } from '../engine/engine.js';
import { workspaceOf } from '../experiment/load.js';
import type { Experiment } from '../experiment/schema.js';
import type { NetworkDescription } from '../network/description.js';
import { countParameters, initialWeights } from '../network/parameters.js';
import { buildNetwork } from '../network/variants.js';
import { epochScore, optimizerSettings } from '../training/settings.js';
import { refuseTooLarge } from './memory-limit.js';

/** All that a training needs, read and checked; nothing has been written yet. */
export interface Plan {
  readonly experiment: Experiment;
  readonly data: PreparedData;
  readonly description: NetworkDescription;
  readonly parameters: number;
  readonly threads: number;
}

/** `file`: the experiment's absolute path. Throws InputError where the data is not as the experiment says. */
export async function readData(experiment: Experiment, file: string, onProgress: (text: string) => void): Promise<PreparedData> {
  return prepareData(experiment, { folder: dirname(file), workspace: workspaceOf(file), onProgress });
}

/** Throws InputError where the settings do not fit the data, or the model does not fit into memory. */
export function makePlan(experiment: Experiment, data: PreparedData, file: string): Plan {
  epochScore(experiment.training, data.tasks);
  const description = buildNetwork(experiment.model, data.input, data.tasks);
  const threads = experiment.engine.threads ?? availableParallelism();
  const rows = data.train.rows + (data.validation?.rows ?? 0) + (data.test?.rows ?? 0);
  refuseTooLarge(description, { batchSize: experiment.training.batchSize, rows, threads }, file);
  return { experiment, data, description, parameters: countParameters(description).total, threads };
}

export async function startEngine(plan: Plan): Promise<Engine> {
  const { description, experiment, threads } = plan;
  const { training, engine } = experiment;
  return createEngine(engine.use, {
    description,
    weights: initialWeights(description, training.seed),
    optimizer: optimizerSettings(training),
    threads,
  });
}
