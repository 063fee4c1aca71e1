import * as v from 'valibot';
import { gateChoiceSchema } from '../../../src/experiment/schema/gates.js';
import {
  lossWeightingSchema,
  lossWeightingSettings,
  type LossWeightingKind,
} from '../../../src/experiment/schema/loss-weighting.js';
import { scheduleSchema } from '../../../src/experiment/schema/training.js';
import { memberCount } from '../../../src/shared/run/members.js';
import type { RunManifest } from '../../../src/shared/run/run-manifest.js';
import { s } from '../../strings.js';

/**
 * The settings of an experiment that say by which method a run was made. A setting that is not there, or that
 * cannot be read, counts as plain.
 */
const methodSchema = v.object({
  model: v.fallback(
    v.object({
      gates: v.fallback(v.object({ choose: v.fallback(gateChoiceSchema, 'all') }), { choose: 'all' }),
    }),
    { gates: { choose: 'all' } },
  ),
  training: v.fallback(
    v.object({
      lossWeighting: v.fallback(lossWeightingSchema, 'fixed'),
      schedule: v.fallback(scheduleSchema, 'constant'),
    }),
    { lossWeighting: 'fixed', schedule: 'constant' },
  ),
});
type Method = v.InferOutput<typeof methodSchema>;

/** Returns the variant of a run, and what differs from a plain training of it. */
export function methodFacts(manifest: RunManifest): string[] {
  const { network, experiment } = manifest;
  if (network === null) return [];
  const members = memberCount(manifest);
  const { variant, matched, levels } = network;
  const read = v.safeParse(methodSchema, { model: null, training: null, ...experiment });
  const facts = [
    variant,
    ...(members > 1 ? [s('members', members)] : []),
    ...(matched ? [s('matchedTo', matched.variant, matched.layers.join(' · '))] : []),
  ];
  if (!read.success) return facts;
  const { choose } = read.output.model.gates;
  const { lossWeighting, schedule } = read.output.training;
  const { kind } = lossWeightingSettings(lossWeighting);
  const gated = levels.some(({ routes }) => routes === 'gate');
  return [
    ...facts,
    ...(choose !== 'all' && gated ? [choiceText(choose)] : []),
    ...(kind === 'fixed' ? [] : [s('lossWeighting', weightingNames[kind])]),
    ...scheduleFacts(schedule),
  ];
}

/** Names a choice of experts. A further kind of choice does not compile here: it has no `selectors`. */
const choiceText = (choose: Exclude<Method['model']['gates']['choose'], 'all'>): string =>
  'top' in choose
    ? s(choose.noisy ? 'noisyTop' : 'topExperts', choose.top)
    : s('selectors', choose.selectors);

const weightingNames: Readonly<Record<LossWeightingKind, string>> = {
  fixed: 'fixed',
  uncertainty: 'uncertainty',
  dwa: 'DWA',
  gradnorm: 'GradNorm',
  pcgrad: 'PCGrad',
};

function scheduleFacts(schedule: Method['training']['schedule']): string[] {
  if (schedule === 'constant') return [];
  const { kind, warmup } = schedule;
  if (kind === 'constant' && warmup === 0) return [];
  return [
    s('schedule', kind) + (warmup > 0 ? `, ${warmup === 1 ? s('warmupOne') : s('warmup', warmup)}` : ''),
  ];
}
