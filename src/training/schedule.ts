import type { Experiment } from '../experiment/schema.js';

/**
 * The factor of the learning rate in step `step` (from 0) of a training of `epochs`, each of `stepsPerEpoch`.
 */
export function learningRateFactor(
  schedule: Experiment['training']['schedule'],
  step: number,
  stepsPerEpoch: number,
  epochs: number,
): number {
  if (schedule === 'constant') return 1;
  const { kind, warmup, final, every, factor } = schedule;
  const epoch = step / stepsPerEpoch;
  // The first step moves, too; a warm-up that ends between two steps goes no higher than the rate itself.
  if (epoch < warmup) return Math.min(1, (step + 1) / (warmup * stepsPerEpoch));
  const done = Math.min(1, (epoch - warmup) / Math.max(epochs - warmup, 1 / stepsPerEpoch));
  switch (kind) {
    case 'constant':
      return 1;
    case 'step':
      return factor ** Math.floor((epoch - warmup) / every);
    case 'linear':
      return 1 + (final - 1) * done;
    case 'cosine':
      return final + ((1 - final) * (1 + Math.cos(Math.PI * done))) / 2;
  }
}
