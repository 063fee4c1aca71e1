import * as v from 'valibot';
import { amount, described, namesOf, positive, setting } from './setting.js';

/**
 * The one table of ways to weigh the tasks’ losses against each other, with what the editor says of each. The
 * compiler asks for the options of a new one below, and for its code where src/training creates it.
 */
export const lossWeightings = {
  fixed: 'Each task’s loss counts by its own lossWeight.',
  uncertainty: 'Each task’s loss counts by a learned variance (Kendall et al. 2018).',
  dwa: 'Tasks whose loss falls more slowly count more (dynamic weight average, Liu et al. 2019).',
  gradnorm: 'The tasks’ gradients are brought to like size and pace (GradNorm, Chen et al. 2018).',
  pcgrad: 'What points against another task is taken out of a gradient (PCGrad, Yu et al. 2020).',
} as const;
export type LossWeightingKind = keyof typeof lossWeightings;

const kinds = namesOf(lossWeightings);

const kindOf = <const Kind extends LossWeightingKind>(kind: Kind) =>
  described(v.literal(kind), lossWeightings[kind]);

const withOptions = {
  fixed: v.strictObject({ kind: kindOf('fixed') }),
  uncertainty: v.strictObject({ kind: kindOf('uncertainty') }),
  dwa: v.strictObject({
    kind: kindOf('dwa'),
    temperature: setting(positive, 2, 'The larger it is, the more alike are the weights.'),
  }),
  gradnorm: v.strictObject({
    kind: kindOf('gradnorm'),
    alpha: setting(amount, 1.5, 'How strongly slower tasks are helped.'),
    learningRate: setting(positive, 0.025, 'The learning rate of the weights.'),
  }),
  pcgrad: v.strictObject({ kind: kindOf('pcgrad') }),
} satisfies Record<LossWeightingKind, v.GenericSchema>;

const settingsSchema = v.union(Object.values(withOptions));

/** A way of weighing by its name alone, or with options. */
export const lossWeightingSchema = v.union([...kinds.map(kindOf), ...settingsSchema.options]);

/** A way of weighing with all its options. */
export type LossWeightingSettings = v.InferOutput<typeof settingsSchema>;

/** The options of each way of weighing that is given by its name alone. */
export const lossWeightingDefaults = {
  fixed: v.parse(withOptions.fixed, { kind: 'fixed' }),
  uncertainty: v.parse(withOptions.uncertainty, { kind: 'uncertainty' }),
  dwa: v.parse(withOptions.dwa, { kind: 'dwa' }),
  gradnorm: v.parse(withOptions.gradnorm, { kind: 'gradnorm' }),
  pcgrad: v.parse(withOptions.pcgrad, { kind: 'pcgrad' }),
} satisfies Record<LossWeightingKind, LossWeightingSettings>;

/** Returns a way of weighing with all its options; a name alone means the defaults. */
export const lossWeightingSettings = (
  chosen: LossWeightingKind | LossWeightingSettings,
): LossWeightingSettings => (typeof chosen === 'string' ? lossWeightingDefaults[chosen] : chosen);

/** Whether a way of weighing works on each task's gradient of all weights. */
export function comparesGradients(weighting: LossWeightingKind | LossWeightingSettings): boolean {
  const { kind } = lossWeightingSettings(weighting);
  return kind === 'pcgrad' || kind === 'gradnorm';
}
