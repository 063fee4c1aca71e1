import { totalmem } from 'node:os';
import type { NetworkDescription } from '../network/description.js';
import { estimateMemory } from '../network/memory.js';
import { InputError } from '../shared/errors.js';
import { formatBytes } from './numbers.js';

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

/** Refuses a training that cannot fit, before anything is started, and says what to reduce. */
export function refuseTooLarge(network: NetworkDescription, sizes: Sizes, file: string, memory = memoryHere()): void {
  const needed = estimateMemory(network, sizes);
  if (needed <= memory * usableShare) return;
  throw new InputError(
    'model.memory',
    `training would take about ${formatBytes(needed)} of memory, and there are ${formatBytes(memory)} here; ${whatToReduce(network, sizes, needed)}`,
    { file },
  );
}

function whatToReduce(network: NetworkDescription, sizes: Sizes, needed: number): string {
  const withoutRows = estimateMemory(network, { ...sizes, rows: 1, batchSize: 1 });
  const withoutBatch = estimateMemory(network, { ...sizes, batchSize: 1 });
  if (withoutRows > needed / 2) return 'make model.experts or model.towers smaller';
  if (withoutBatch < needed / 2) return 'make training.batchSize smaller';
  return 'use fewer rows (data.where)';
}
