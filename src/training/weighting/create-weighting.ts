import type { Experiment } from '../../experiment/schema.js';
import { lossWeightingSettings } from '../../experiment/schema/loss-weighting.js';
import type { NetworkDescription } from '../../network/description.js';
import { lastSharedWeights, sharedParameters } from '../../network/users.js';
import { InputError } from '../../shared/errors.js';
import { DynamicAverage } from './dynamic-average.js';
import { GradientNorm } from './gradient-norm.js';
import { ProjectedGradients } from './projected.js';
import { UncertaintyWeighting } from './uncertainty.js';
import { FixedWeighting, type LossWeighting } from './weighting.js';

/**
 * Creates the experiment's way of weighing. Throws InputError if the network shares nothing that it could
 * work on.
 */
export function createWeighting(
  { lossWeighting, learningRate, seed }: Experiment['training'],
  network: NetworkDescription,
): LossWeighting {
  const { tasks } = network;
  const settings = lossWeightingSettings(lossWeighting);
  switch (settings.kind) {
    case 'fixed':
      return new FixedWeighting(tasks);
    case 'uncertainty':
      return new UncertaintyWeighting(tasks, learningRate);
    case 'dwa':
      return new DynamicAverage(tasks, settings.temperature);
    case 'gradnorm': {
      const last = lastSharedWeights(network);
      if (last.size === 0) throw nothingShared('gradnorm', network.variant);
      return new GradientNorm(tasks, last, settings.alpha, settings.learningRate);
    }
    case 'pcgrad': {
      const shared = sharedParameters(network);
      if (shared.size === 0) throw nothingShared('pcgrad', network.variant);
      return new ProjectedGradients(tasks, shared, seed);
    }
  }
}

const nothingShared = (method: string, variant: string): InputError =>
  new InputError(
    'training.nothing-shared',
    `"${method}" works on weights that tasks share, and ${variant} has none; ` +
      'use "fixed", "uncertainty" or "dwa"',
  );
