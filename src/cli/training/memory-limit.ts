import { totalmem } from 'node:os';
import { ExperimentError } from '../../experiment/experiment-error.js';
import type { JsonPath } from '../../experiment/place.js';
import type { NetworkDescription } from '../../network/description.js';
import { estimateMemory } from '../../network/memory.js';

import { formatBytes } from '../../shared/numbers.js';

interface Sizes {
  readonly batchSize: number;
  readonly rows: number;
  readonly threads: number;
}

/** Some must stay for the system and this program. */
const usableShare = 0.9;

/** What this process may use: the machine's memory, or less within a container. */
export function memoryHere(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/**
 * A training that cannot fit is refused before anything is started: what it would take, and what to reduce.
 * Null: it fits.
 */
export function memoryProblem(
  network: NetworkDescription,
  sizes: Sizes,
  memory = memoryHere(),
): ExperimentError | null {
  const needed = estimateMemory(network, sizes);
  if (needed <= memory * usableShare) return null;
  const { advice, path } = whatToReduce(network, sizes, needed);
  const message = `training would take about ${formatBytes(needed)} of memory, and there are ${formatBytes(memory)} here; ${advice}`;
  return new ExperimentError('model.memory', message, path);
}

function whatToReduce(
  network: NetworkDescription,
  sizes: Sizes,
  needed: number,
): { advice: string; path: JsonPath } {
  const weights = estimateMemory(network, { ...sizes, rows: 1, batchSize: 1 });
  const withoutBatch = estimateMemory(network, { ...sizes, batchSize: 1 });
  if (weights > needed / 2) return { advice: 'make model.experts or model.towers smaller', path: ['model'] };
  if (withoutBatch < needed / 2)
    return { advice: 'make training.batchSize smaller', path: ['training', 'batchSize'] };
  return { advice: 'use fewer rows (data.where)', path: ['data'] };
}
