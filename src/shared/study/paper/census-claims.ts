import { gainOver, type Gain } from '../../comparison.js';
import { formatChance } from '../../numbers.js';
import { noRuns, sideOf, sizeText, together, type Claim } from './claims.js';
import { censusMethods, type CensusMethod, type CensusRuns } from './census-results.js';

/** What a claim compares: a method with another, on a task. */
type Pair = readonly [better: CensusMethod, than: CensusMethod, task: keyof CensusRuns];

const multiTask = censusMethods.filter((method) => method !== 'single-task');

/**
 * States what the paper says of tables 1 and 2 (section 5), one by one, and whether the runs bear it out: AUC on test
 * rows by paired t-tests over seeds. Each claim needs all of its differences, so none needs a correction.
 */
export function censusClaims(runs: ReadonlyMap<CensusMethod, CensusRuns>): Claim[] {
  const claim = (text: string, pairs: readonly Pair[]): Claim => {
    const gains = pairs.map(([better, than, task]): Gain | null => {
      const [of, to] = [runs.get(better)?.[task], runs.get(than)?.[task]];
      return of === undefined || to === undefined ? null : gainOver(to, of, 'auc');
    });
    return {
      text,
      verdict: together(gains),
      found: foundText(pairs, gains),
    };
  };
  const but = (...left: readonly CensusMethod[]): CensusMethod[] =>
    multiTask.filter((method) => !left.includes(method));
  return [
    claim(
      'on the main task, tensor factorization is the worst',
      censusMethods
        .filter((method) => method !== 'tensor-factorization')
        .map((method) => [method, 'tensor-factorization', 'main']),
    ),
    claim(
      'on the main task, but for that, the shared bottom is the worst multi-task method (“almost always”)',
      but('tensor-factorization', 'shared-bottom').map((method) => [method, 'shared-bottom', 'main']),
    ),
    claim(
      'on the main task, l2-constrained and cross-stitch are better than the shared bottom',
      (['l2-constrained', 'cross-stitch'] as const).map((method) => [method, 'shared-bottom', 'main']),
    ),
    ...(['main', 'auxiliary'] as const).map((task) =>
      claim(
        `on the ${task} task, mmoe has the best mean of the multi-task methods (said of group 2)`,
        but('mmoe').map((method) => ['mmoe', method, task]),
      ),
    ),
    claim(
      'on the auxiliary task, single-task, which is tuned for it, is the best',
      multiTask.map((method) => ['single-task', method, 'auxiliary']),
    ),
  ];
}

/** Says of each pair what was found, the method that all have in common once: `mmoe: lower than omoe by 0.0015 (p = 0.001)`. */
function foundText(pairs: readonly Pair[], gains: readonly (Gain | null)[]): string {
  if (gains.flatMap((gain) => gain ?? []).length === 0) return noRuns;
  const texts = pairs.map(([better, than], i): readonly [string, string] => {
    const gain = gains[i] ?? null;
    return [better, gain === null ? `${than}: ${noRuns}` : sideText(gain, than)];
  });
  const isOne = new Set(pairs.map(([better]) => better)).size === 1;
  return isOne
    ? `AUC of ${pairs[0]![0]}: ${texts.map(([, text]) => text).join(', ')}`
    : `AUC of ${texts.map(([better, text]) => `${better} ${text}`).join(', of ')}`;
}

function sideText({ mean, p }: Gain, than: string): string {
  const chance = p === null ? 'one pair' : `p ${formatChance(p)}`;
  const by = mean === 0 ? `as ${than}` : `${sideOf(mean, 'auc')} than ${than} by ${sizeText(mean)}`;
  return `${by} (${chance})`;
}
