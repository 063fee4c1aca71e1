import type { Gain } from '../../src/shared/comparison.js';
import { formatChance, formatDifference } from '../../src/shared/numbers.js';
import type { TaskGain } from '../../src/shared/together.js';
import type { RunContext } from '../../src/shared/messages/run-protocol.js';
import { s } from '../strings.js';

const words = {
  better: 'better',
  worse: 'worse',
  'cannot tell': 'cannotTell',
  'one seed': 'oneSeed',
} as const satisfies Record<Gain['verdict'], string>;

/** Returns what a difference says, in a word or two. */
export const verdictWord = ({ verdict }: { readonly verdict: Gain['verdict'] }): string => s(words[verdict]);

/** Returns `ple like +0.0100 (p = 0.140)`. */
export function gainText({ method, task, gain }: TaskGain): string {
  const found = `${method} ${task} ${formatDifference(gain.mean)}`;
  return gain.p === null ? found : `${found} (p ${formatChance(gain.p)})`;
}

/** Returns `test +0.0031 against single-task: better (p = 0.010), 5 seeds`. */
export function standingText({
  mean,
  split,
  seeds,
  p,
  verdict,
  seedsToTell,
}: RunContext['standing'][number]): string {
  const difference = s(
    'againstAloneOf',
    s(split === 'test' ? 'partTest' : 'partValidation'),
    formatDifference(mean),
  );
  if (p === null) return `${difference}: ${s('togetherOneSeed')}`;
  const told = `${difference}: ${verdictWord({ verdict })} (p ${formatChance(p)}), ${s('seedsCount', seeds)}`;
  return seedsToTell === null ? told : `${told}; ${s('wouldTell', seedsToTell)}`;
}
