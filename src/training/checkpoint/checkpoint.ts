import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { OptimizerState } from '../../engine/engine.js';
import type { NetworkDescription } from '../../network/description.js';
import type { NamedArrays } from '../../network/parameters.js';
import { InputError } from '../../shared/errors.js';
import { savedBestSchema } from '../scores/best-epoch.js';
import { seal, unsealed } from './checksum.js';
import { decodeSafeTensors, encodeSafeTensors } from './safetensors.js';

/**
 * A checkpoint is a safetensors file: weights under their own names, optimiser moments as `optimizer.<name>`,
 * and texts. `last.safetensors` holds all that a resume needs to go on to the bit; `best.safetensors` the
 * best epoch's weights, which `last.safetensors` has too (as `best.<name>`) as long as they were not yet
 * written there.
 */
const formatName = 'mmoe-checkpoint-1';
const momentPrefix = 'optimizer.';
const bestPrefix = 'best.';

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const progressSchema = v.object({
  /** Epochs done. */
  epoch: whole,
  /** Rows done of the next one. */
  position: whole,
  step: whole,
  /** Steps of the optimiser that were taken in the run that this one has started from. */
  stepsBefore: v.optional(whole),
  /** Seconds of training so far. */
  seconds: v.number(),
  /** Spent in steps of the next epoch. */
  stepSeconds: v.number(),
  /** Batch losses since the last `step` event, per task. */
  losses: v.object({ sums: v.array(v.number()), counts: v.array(v.number()) }),
  best: savedBestSchema,
  /**
   * The state of what learns beside the network (loss weighting, paths), by name: numbers in an order of its
   * own.
   */
  learners: v.optional(v.record(v.string(), v.array(v.number())), {}),
});
export type SavedProgress = v.InferOutput<typeof progressSchema>;

const originSchema = v.object({
  network: v.string(),
  data: v.string(),
  seed: v.number(),
  batchSize: v.number(),
  optimizer: v.string(),
  /** Absent: dense. */
  tables: v.optional(v.string()),
});
/** Identifies the training that a checkpoint belongs to; it is of no use with another. */
export type CheckpointOrigin = v.InferOutput<typeof originSchema>;

export interface Checkpoint {
  readonly weights: NamedArrays;
  readonly optimizer: OptimizerState;
  readonly progress: SavedProgress;
  /** The best epoch's weights, where best.safetensors may lack them. */
  readonly best: NamedArrays | null;
}

/**
 * Networks that compute alike have equal hashes: neither the order of keys counts, nor what experts are
 * called, nor how their weights start. Several members have another hash than one.
 */
export function hashDescription(description: NetworkDescription, members = 1): string {
  const levels = description.levels.map((level) => ({
    ...level,
    experts: level.experts.map(({ name: _, startScale: __, ...computed }) => computed),
  }));
  const several = members === 1 ? {} : { members };
  return createHash('sha256')
    .update(canonical({ ...description, levels, ...several }))
    .digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`;
}

export const encodeCheckpoint = (checkpoint: Checkpoint, origin: CheckpointOrigin): Uint8Array =>
  seal(unsealedCheckpoint(checkpoint, origin));

/** Encodes a checkpoint whose checksum is not filled in yet. */
export function unsealedCheckpoint(checkpoint: Checkpoint, origin: CheckpointOrigin): Uint8Array {
  const { weights, optimizer, progress, best } = checkpoint;
  const arrays: NamedArrays = new Map(weights);
  for (const [name, moment] of optimizer.moments) arrays.set(momentPrefix + name, moment);
  for (const [name, weight] of best ?? []) arrays.set(bestPrefix + name, weight);
  const metadata = new Map([
    unsealed,
    ['format', formatName],
    ['origin', JSON.stringify(origin)],
    ['progress', JSON.stringify(progress)],
  ]);
  return encodeSafeTensors({ arrays, metadata });
}

/** Throws InputError where the file is damaged, or of another network, other data or other settings. */
export function decodeCheckpoint(bytes: Uint8Array, origin: CheckpointOrigin): Checkpoint {
  const { arrays, metadata } = decodeSafeTensors(bytes);
  requireFormat(metadata);
  requireSameOrigin(parseText(originSchema, metadata, 'origin'), origin);
  const progress = parseText(progressSchema, metadata, 'progress');
  const { weights, moments, best } = sorted(arrays);
  return {
    weights,
    optimizer: { step: progress.step + (progress.stepsBefore ?? 0), moments },
    progress,
    best: best.size > 0 ? best : null,
  };
}

/** Returns the optimiser's state in a `last.safetensors`; null: the file has none. */
export function decodeOptimizer(bytes: Uint8Array): OptimizerState | null {
  const { arrays, metadata } = decodeSafeTensors(bytes);
  requireFormat(metadata);
  if (!metadata.has('progress')) return null;
  const { step, stepsBefore = 0 } = parseText(progressSchema, metadata, 'progress');
  return { step: step + stepsBefore, moments: sorted(arrays).moments };
}

/** Parameters are called after embeddings, levels and towers, so the prefixes are nobody's name. */
function sorted(arrays: NamedArrays): Record<'weights' | 'moments' | 'best', NamedArrays> {
  const found: Record<'weights' | 'moments' | 'best', NamedArrays> = {
    weights: new Map(),
    moments: new Map(),
    best: new Map(),
  };
  for (const [name, array] of arrays) {
    if (name.startsWith(momentPrefix)) found.moments.set(name.slice(momentPrefix.length), array);
    else if (name.startsWith(bestPrefix)) found.best.set(name.slice(bestPrefix.length), array);
    else found.weights.set(name, array);
  }
  return found;
}

/** `network` is the hash of the network and its members. */
export const encodeWeights = (weights: NamedArrays, of: { network: string; epoch: number }): Uint8Array =>
  seal(unsealedWeights(weights, of));

/** Encodes weights whose checksum is not filled in yet. */
export function unsealedWeights(
  weights: NamedArrays,
  { network, epoch }: { network: string; epoch: number },
): Uint8Array {
  const metadata = new Map([
    unsealed,
    ['format', formatName],
    ['network', network],
    ['epoch', String(epoch)],
  ]);
  return encodeSafeTensors({ arrays: weights, metadata });
}

/**
 * Weights of either kind of checkpoint, of all members, for predicting; throws InputError where they are another network's.
 */
export function decodeWeights(
  bytes: Uint8Array,
  description: NetworkDescription,
  members = 1,
): { weights: NamedArrays; epoch: number } {
  const { arrays, metadata } = decodeSafeTensors(bytes);
  requireFormat(metadata);
  const network = hashDescription(description, members);
  if (metadata.has('progress')) {
    if (parseText(originSchema, metadata, 'origin').network !== network) throw otherNetwork();
    return { weights: sorted(arrays).weights, epoch: parseText(progressSchema, metadata, 'progress').epoch };
  }
  if (metadata.get('network') !== network) throw otherNetwork();
  return { weights: arrays, epoch: Number(metadata.get('epoch')) };
}

function requireFormat(metadata: ReadonlyMap<string, string>): void {
  const found = metadata.get('format');
  if (found !== formatName) {
    throw new InputError(
      'checkpoint.format',
      `this checkpoint is of the format "${found ?? 'unknown'}"; this version reads "${formatName}"`,
    );
  }
}

function requireSameOrigin(found: CheckpointOrigin, wanted: CheckpointOrigin): void {
  if (found.network !== wanted.network) throw otherNetwork();
  if (found.data !== wanted.data) throw otherData();
  const before = withTables(found);
  const now = withTables(wanted);
  const changed = (['seed', 'batchSize', 'optimizer', 'tables'] as const).find(
    (name) => before[name] !== now[name],
  );
  if (changed) {
    throw new InputError(
      'checkpoint.other-settings',
      `the checkpoint was trained with training.${changed} ${before[changed]}, not ${now[changed]}; ` +
        'set it back, or start a new run',
    );
  }
}

const withTables = ({ tables = 'dense', ...others }: CheckpointOrigin) => ({ ...others, tables });

const otherNetwork = (): InputError =>
  new InputError(
    'checkpoint.other-network',
    'the checkpoint belongs to another network (model, columns, tasks or members have changed); start a new run',
  );

const otherData = (): InputError =>
  new InputError(
    'checkpoint.other-data',
    'the checkpoint was trained on other rows (the data or the split has changed); start a new run',
  );

function parseText<T extends v.GenericSchema>(
  schema: T,
  metadata: ReadonlyMap<string, string>,
  key: string,
): v.InferOutput<T> {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), metadata.get(key));
  if (!result.success)
    throw new InputError(
      'checkpoint.malformed',
      `the checkpoint's "${key}" cannot be read; resume from another, or start a new run`,
    );
  return result.output;
}
