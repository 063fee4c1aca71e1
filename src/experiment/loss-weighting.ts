import type { Experiment } from './schema.js';

type LossWeighting = Experiment['training']['lossWeighting'];

/** Which way of weighing it is, by its name alone or with its options. */
export const lossWeightingKind = (chosen: LossWeighting): Extract<LossWeighting, string> =>
  typeof chosen === 'string' ? chosen : chosen.kind;
