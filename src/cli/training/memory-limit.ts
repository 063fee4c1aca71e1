import type { PreparedData } from '../../data/prepared.js';
import { ExperimentError } from '../../experiment/experiment-error.js';
import type { JsonPath } from '../../experiment/place.js';
import type { Experiment } from '../../experiment/schema.js';
import type { NetworkDescription } from '../../network/description.js';
import { longestList } from '../../network/fields/lists.js';
import { estimateMemory, type ListSizes } from '../../network/memory-estimate.js';
import { isStreamed } from '../../network/streamed-rows.js';
import { countParameters } from '../../network/parameters.js';
import { memoryHere, usableShare } from '../../memory/available.js';
import { needsMoreMemory } from '../../shared/memory-text.js';
import { heldLimit } from '../../training/rows/parts.js';

/** The sizes, beside those of the network, that the memory of a training depends on. */
interface TrainingSizes {
  readonly batchSize: number;
  readonly rows: number;
  readonly threads: number;
  readonly members: number;
  readonly tables: Experiment['training']['tables'];
  readonly lists: ListSizes;
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
  const parts = [data.train, data.validation, data.test];
  const rows = data.stream === null ? sum(parts.map((part) => part?.rows ?? 0)) : heldRowsOf(data);
  const { batchSize, members, tables } = experiment.training;
  return { batchSize, rows, threads, members, tables, lists: listSizesOf(data) };
}

/** Returns what the lists of sets take: rows with sets are in memory, and parts of one table share their lists. */
function listSizesOf({ train, validation, test }: PreparedData): ListSizes {
  const ofParts = [train, validation, test].flatMap((part) =>
    part === null || isStreamed(part) || part.lists === undefined ? [] : [part.lists],
  );
  const distinct = [...new Set(ofParts)];
  const integers = (all: typeof ofParts): number => sum(all.map(({ length }) => length));
  return {
    integers: integers(distinct) + integers(ofParts),
    longest: distinct.reduce((most, lists) => Math.max(most, longestList(lists)), 0),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Returns how many rows of a file are in memory at most: two windows of training rows, and parts that are small. */
function heldRowsOf({ train, validation, test, stream }: PreparedData): number {
  const small = [validation, test].map((part) => Math.min(part?.rows ?? 0, heldLimit.rows));
  return Math.min(train.rows, 2 * stream!.window) + sum(small);
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
  return new ExperimentError('model.memory', needsMoreMemory('training', needed, memory, advice), path);
}

function whatToReduce(
  network: NetworkDescription,
  sizes: TrainingSizes,
  needed: number,
): { advice: string; path: JsonPath } {
  if (sizes.members > 1 && estimateMemory(network, { ...sizes, members: 1 }) < needed / 2)
    return { advice: 'use fewer training.members', path: ['training', 'members'] };
  const weights = estimateMemory(network, { ...sizes, rows: 1, batchSize: 1 });
  const withoutBatch = estimateMemory(network, { ...sizes, batchSize: 1 });
  const { total, parts } = countParameters(network);
  if (weights > needed / 2 && parts.embeddings > total / 2)
    return {
      advice: 'give columns of many values a shorter encode.embedding, fewer encode.hash or maxValues',
      path: ['columns'],
    };
  if (weights > needed / 2) return { advice: 'make model.experts or model.towers smaller', path: ['model'] };
  if (withoutBatch < needed / 2)
    return { advice: 'make training.batchSize smaller', path: ['training', 'batchSize'] };
  return { advice: 'use fewer rows (data.where)', path: ['data'] };
}
