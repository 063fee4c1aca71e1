import type { Gain } from '../../src/shared/comparison.js';
import { formatChance, formatDifference } from '../../src/shared/numbers.js';
import type { TaskGain } from '../../src/shared/together.js';
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
