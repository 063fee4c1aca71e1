import { formatChance, formatFixed, formatMetric } from '../../numbers.js';
import { gainOver, type Gain } from '../../comparison.js';
import { meanOf } from '../../statistics/statistics.js';
import type { Combination } from '../summary.js';
import { differenceText, noRuns, together, verdictOf, type Claim } from './claims.js';
import {
  atCheckpoint,
  checkpoints,
  likeWeight,
  linesOf,
  numbersBySeed,
  rankedBy,
  type Goal,
  type RecommenderMethod,
} from './recommender-results.js';

/** Table 3 of the paper, on its engagement task, after 2, 4 and 6 million steps. */
export const paperTable3 = {
  'shared-bottom': { auc: [0.6879, 0.6888, 0.69], r2: [0.08812, 0.09159, 0.09287] },
  'l2-constrained': { auc: [0.6866, 0.6881, 0.6895], r2: [0.08668, 0.0903, 0.09213] },
  'cross-stitch': { auc: [0.688, 0.6885, 0.6899], r2: [0.08949, 0.09112, 0.09332] },
  omoe: { auc: [0.6876, 0.6891, 0.6893], r2: [0.08749, 0.09085, 0.0923] },
  mmoe: { auc: [0.6894, 0.6897, 0.6908], r2: [0.08978, 0.09263, 0.09362] },
} as const satisfies Partial<Record<RecommenderMethod, { auc: readonly number[]; r2: readonly number[] }>>;

export type Table3Method = keyof typeof paperTable3;
export const table3Methods = Object.keys(paperTable3) as Table3Method[];

/** A way to rank: with a method's model, by clicks alone or by both goals. */
export interface Ranking {
  readonly name: string;
  readonly method: RecommenderMethod;
  readonly weight: number;
}

/** The rankings of Table 4, and the one that is missing in it: a single-task model for each goal. */
export const rankings = {
  oneSingle: { name: 'one single-task model, for clicks', method: 'single-task', weight: 0 },
  twoSingles: { name: 'a single-task model for each goal', method: 'single-task', weight: likeWeight },
  shared: { name: 'shared-bottom', method: 'shared-bottom', weight: likeWeight },
  mmoe: { name: 'mmoe', method: 'mmoe', weight: likeWeight },
} as const satisfies Record<string, Ranking>;

/** Table 4 of the paper: improvements of live metrics. */
export const paperTable4 = [
  { of: rankings.shared, over: rankings.oneSingle, clicks: -0.0022, likes: 0.1972 },
  { of: rankings.mmoe, over: rankings.shared, clicks: 0.0025, likes: 0.0265 },
] as const;

/** Comparisons that are fair: every model ranks by both goals, or every model by clicks alone. */
export const fairComparisons = [
  { of: rankings.twoSingles, over: rankings.oneSingle },
  { of: rankings.shared, over: rankings.twoSingles },
  { of: rankings.mmoe, over: rankings.twoSingles },
] as const;

/** Returns what a ranking is worth, by seed. */
export const worthOf = (combinations: readonly Combination[], { method, weight }: Ranking, goal: Goal) =>
  numbersBySeed(linesOf(combinations, method), rankedBy(weight, goal));

/** An improvement, as a share of what it is over. */
export interface Improvement {
  readonly gain: Gain | null;
  readonly share: number | null;
}

/** Returns how much a ranking is better than another by a goal, in pairs of the same recommender. */
export function improvement(
  combinations: readonly Combination[],
  { of, over }: { readonly of: Ranking; readonly over: Ranking },
  goal: Goal,
): Improvement {
  const before = worthOf(combinations, over, goal);
  const gain = gainOver(before, worthOf(combinations, of, goal), goal);
  return { gain, share: gain === null ? null : gain.mean / meanOf([...before.values()]) };
}

/** States what the paper says of Table 3, and whether the runs bear it out after the last checkpoint. */
export function table3Claims(combinations: readonly Combination[]): Claim[] {
  const last = checkpoints.at(-1)!;
  const gains = (of: RecommenderMethod, over: RecommenderMethod): Record<'AUC' | 'R²', Gain | null> => {
    const by = (metric: string): Gain | null =>
      gainOver(
        numbersBySeed(linesOf(combinations, over), atCheckpoint(last, 'click', metric)),
        numbersBySeed(linesOf(combinations, of), atCheckpoint(last, 'click', metric)),
        metric,
      );
    return { AUC: by('auc'), 'R²': by('r2') };
  };
  const claim = (text: string, found: Record<string, Gain | null>): Claim => ({
    text,
    verdict: together(Object.values(found)),
    found: Object.entries(found)
      .map(([metric, gain]) => `${metric} ${gainText(gain)}`)
      .join(', '),
  });
  return [
    ...(['shared-bottom', 'l2-constrained', 'cross-stitch', 'omoe'] as const).map((other) =>
      claim(`mmoe predicts clicks better than ${other}`, gains('mmoe', other)),
    ),
    ...(['l2-constrained', 'cross-stitch'] as const).map((other) =>
      claim(`shared-bottom predicts clicks better than ${other}`, gains('shared-bottom', other)),
    ),
  ];
}

/** States what the paper says of Table 4, and whether the runs bear it out. */
export function table4Claims(combinations: readonly Combination[]): Claim[] {
  const claim = (text: string, pair: { of: Ranking; over: Ranking }, goal: Goal, falls = false): Claim => {
    const { gain, share } = improvement(combinations, pair, goal);
    const verdict = verdictOf(gain);
    const opposite = { holds: 'fails', fails: 'holds', 'cannot tell': 'cannot tell' } as const;
    return { text, verdict: falls ? opposite[verdict] : verdict, found: `${goal} ${shareText(share)}` };
  };
  const [sharing, gating] = paperTable4;
  const one = 'one single-task model for clicks';
  return [
    claim(`ranking with shared-bottom instead of ${one} gains likes`, sharing, 'likes'),
    claim('and costs some clicks', sharing, 'clicks', true),
    claim('ranking with mmoe instead of shared-bottom gains clicks', gating, 'clicks'),
    claim('and likes', gating, 'likes'),
  ];
}

/** States what the paper says of Figure 6. */
export function gateClaims(combinations: readonly Combination[]): Claim[] {
  const lines = linesOf(combinations, 'mmoe');
  const focus = (task: string) => numbersBySeed(lines, ({ gates }) => gates?.[task]?.largest);
  const gain = gainOver(focus('click'), focus('like'), 'share');
  const mean = (task: string): string => formatMetric(meanOf([...focus(task).values()]));
  return [
    {
      text: 'the gate of the sparse goal is more focused on a single expert',
      verdict: verdictOf(gain),
      found: `largest weight of a row, mean: click ${mean('click')}, like ${mean('like')}`,
    },
  ];
}

/** Writes an improvement as a share: `+1.23 %`. */
export const shareText = (share: number | null): string =>
  share === null ? noRuns : `${share > 0 ? '+' : ''}${formatFixed(share * 100, 2)} %`;

function gainText(gain: Gain | null): string {
  if (gain === null) return noRuns;
  const chance = gain.p === null ? '' : `, p ${formatChance(gain.p)}`;
  return `${differenceText(gain, 'auc')}${chance}`;
}
