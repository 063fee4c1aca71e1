import * as v from 'valibot';
import type { RunManifest } from '../../../src/shared/run.js';
import { s } from '../../strings.js';

/**
 * The part of an experiment that says how the run was trained. Each setting that cannot be read is as if
 * plain.
 */
const methodSchema = v.object({
  model: v.fallback(
    v.object({
      gates: v.fallback(
        v.object({
          choose: v.fallback(
            v.union([
              v.object({ top: v.number(), noisy: v.fallback(v.boolean(), false) }),
              v.object({ selectors: v.number() }),
              v.null(),
            ]),
            null,
          ),
        }),
        { choose: null },
      ),
    }),
    { gates: { choose: null } },
  ),
  training: v.fallback(
    v.object({
      lossWeighting: v.fallback(
        v.union([
          v.string(),
          v.pipe(
            v.object({ kind: v.string() }),
            v.transform(({ kind }) => kind),
          ),
        ]),
        'fixed',
      ),
      schedule: v.fallback(
        v.union([v.string(), v.object({ kind: v.string(), warmup: v.fallback(v.number(), 0) })]),
        'constant',
      ),
    }),
    { lossWeighting: 'fixed', schedule: 'constant' },
  ),
});

/** Returns the variant, and what differs from a plain training of it. */
export function methodFacts({ network, experiment }: RunManifest): string[] {
  if (network === null) return [];
  const { variant, matched, levels } = network;
  const read = v.safeParse(methodSchema, { model: null, training: null, ...experiment });
  const facts = [variant, ...(matched ? [s('matchedTo', matched.variant, matched.layers.join(' · '))] : [])];
  if (!read.success) return facts;
  const { choose } = read.output.model.gates;
  const { lossWeighting, schedule } = read.output.training;
  const gated = levels.some(({ routes }) => routes === 'gate');
  return [
    ...facts,
    ...(choose !== null && gated ? [choiceText(choose)] : []),
    ...(lossWeighting === 'fixed'
      ? []
      : [s('lossWeighting', weightingNames[lossWeighting] ?? lossWeighting)]),
    ...scheduleFacts(schedule),
  ];
}

const choiceText = (choose: { top: number; noisy: boolean } | { selectors: number }): string =>
  'top' in choose
    ? s(choose.noisy ? 'noisyTop' : 'topExperts', choose.top)
    : s('selectors', choose.selectors);

const weightingNames: Readonly<Record<string, string>> = {
  dwa: 'DWA',
  gradnorm: 'GradNorm',
  pcgrad: 'PCGrad',
};

function scheduleFacts(schedule: string | { kind: string; warmup: number }): string[] {
  const { kind, warmup } = typeof schedule === 'string' ? { kind: schedule, warmup: 0 } : schedule;
  if (kind === 'constant' && warmup === 0) return [];
  return [
    s('schedule', kind) + (warmup > 0 ? `, ${warmup === 1 ? s('warmupOne') : s('warmup', warmup)}` : ''),
  ];
}
