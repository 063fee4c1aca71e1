import { totalmem } from 'node:os';
import type { PreparedData } from '../../data/prepared.js';
import { ExperimentError } from '../../experiment/experiment-error.js';
import type { JsonPath } from '../../experiment/place.js';
import type { Experiment } from '../../experiment/schema.js';
import type { NetworkDescription } from '../../network/description.js';
import { estimateMemory } from '../../network/memory-estimate.js';
import { formatBytes } from '../../shared/numbers.js';

/** The sizes, beside those of the network, that the memory of a training depends on. */
interface TrainingSizes {
  readonly batchSize: number;
  readonly rows: number;
  readonly threads: number;
}

export function sizesOf({
  experiment,
  data,
  threads,
}: {
  readonly experiment: Experiment;
  readonly data: PreparedData;
  readonly threads: number;
}): TrainingSizes {
  const rows = data.train.rows + (data.validation?.rows ?? 0) + (data.test?.rows ?? 0);
  return { batchSize: experiment.training.batchSize, rows, threads };
}

/** The share of the memory that a training may take; the system and this program need the rest. */
const usableShare = 0.9;

/** Returns how many bytes this process may use: the machine's memory, or less within a container. */
export function memoryHere(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/**
 * Refuses a training that cannot fit before anything is started, with what it would take and what to reduce.
 * Null: it fits.
 */
export function memoryProblem(
  network: NetworkDescription,
  sizes: TrainingSizes,
  memory = memoryHere(),
): ExperimentError | null {
  const needed = estimateMemory(network, sizes);
  if (needed <= memory * usableShare) return null;
  const { advice, path } = whatToReduce(network, sizes, needed);
  const message =
    `training would take about ${formatBytes(needed)} of memory, ` +
    `and there are ${formatBytes(memory)} here; ${advice}`;
  return new ExperimentError('model.memory', message, path);
}

function whatToReduce(
  network: NetworkDescription,
  sizes: TrainingSizes,
  needed: number,
): { advice: string; path: JsonPath } {
  const weights = estimateMemory(network, { ...sizes, rows: 1, batchSize: 1 });
  const withoutBatch = estimateMemory(network, { ...sizes, batchSize: 1 });
  if (weights > needed / 2) return { advice: 'make model.experts or model.towers smaller', path: ['model'] };
  if (withoutBatch < needed / 2)
    return { advice: 'make training.batchSize smaller', path: ['training', 'batchSize'] };
  return { advice: 'use fewer rows (data.where)', path: ['data'] };
}
