import { gainOver, verdictBy, type Gain } from '../../comparison.js';
import { formatChance, formatFixed, formatMetric } from '../../numbers.js';
import { biggerIsBetter } from '../../task-kinds.js';
import { holm, meanOf, quantileOf, standardDeviation } from '../../statistics/statistics.js';
import { isAlike, type Combination } from '../summary.js';
import { correlations, methods, testLosses, type Method } from './synthetic-results.js';

/** A claim of the paper, and what is found here. */
export interface Claim {
  readonly text: string;
  /**
   * `holds`, `fails`: beyond chance at 95 % by paired t-tests, Holm-corrected where a statement of the paper is about
   * several methods and correlations; else it cannot be told with these runs.
   */
  readonly verdict: 'holds' | 'fails' | 'cannot tell';
  /** The numbers that it is told by. */
  readonly found: string;
}

/**
 * States what the paper says of figures 3 to 5 (section 4.2), one by one, and whether the runs bear it out: losses
 * are compared with a paired t-test over runs with the same data. A claim that needs several differences at once needs
 * no correction: all of them must be told.
 */
export function syntheticClaims(combinations: readonly Combination[]): Claim[] {
  const losses = (method: Method, correlation: number) => testLosses(combinations, method, correlation);
  const better = (method: Method, other: Method, correlation: number): Gain | null =>
    gainOver(losses(other, correlation), losses(method, correlation), 'loss');
  const falls = methods.map((method): Claim => {
    // Runs of one seed have the same draws at every correlation: they are pairs.
    const steps = correlations
      .slice(1)
      .map((correlation, i) =>
        gainOver(losses(method, correlations[i]!), losses(method, correlation), 'loss'),
      );
    return {
      text: `the loss of ${method} falls as tasks are more related`,
      verdict: together(steps),
      found: correlations
        .map((p) => `p = ${p}: ${formatFixed(meanOf([...losses(method, p).values()]), 4)}`)
        .join(', '),
    };
  });
  const against = (text: string, gain: Gain | null): Claim => ({
    text,
    verdict: verdictOf(gain),
    found: gainText(gain),
  });
  const equal = better('omoe', 'mmoe', 1);
  const beaten = correlations.flatMap((correlation) =>
    (['omoe', 'mmoe'] as const).map((method) => ({
      text: `at p = ${correlation}, ${method} is better than shared-bottom in the mean`,
      gain: better(method, 'shared-bottom', correlation),
    })),
  );
  const adjusted = holm(beaten.map(({ gain }) => gain?.p ?? null));
  return [
    ...falls,
    {
      text: 'at p = 1, omoe is as good as mmoe (within a fifth of the spread between runs)',
      // No difference beyond chance is no proof that there is none; one of some size is one.
      verdict:
        equal === null || equal.standardError === null
          ? 'cannot tell'
          : isAlike(equal, losses('mmoe', 1))
            ? 'holds'
            : equal.verdict === 'cannot tell'
              ? 'cannot tell'
              : 'fails',
      found: gainText(equal),
    },
    against('at p = 0.5, mmoe is better than omoe', better('mmoe', 'omoe', 0.5)),
    ...beaten.map(({ text, gain }, i) => {
      const p = adjusted[i] ?? null;
      return against(
        text,
        gain === null || p === null ? gain : { ...gain, p, verdict: verdictBy(p, gain.mean) },
      );
    }),
    ...correlations.map((correlation): Claim => {
      const deviations = methods.map((method) => deviationsOf(losses(method, correlation)));
      const [shared, ...others] = deviations;
      return {
        text: `at p = ${correlation}, the losses of shared-bottom are spread the widest`,
        verdict: together(others.map((other) => gainOver(shared!, other, 'loss'))),
        found: methods
          .map(
            (method) =>
              `${method} SD ${formatFixed(standardDeviation([...losses(method, correlation).values()]), 4)}`,
          )
          .join(', '),
      };
    }),
  ];
}

/** Returns how far losses lie from their median, by seed (Brown and Forsythe 1974). */
function deviationsOf(losses: ReadonlyMap<number, number>): Map<number, number> {
  const sorted = [...losses.values()].sort((a, b) => a - b);
  const middle = sorted.length === 0 ? NaN : quantileOf(sorted, 0.5);
  return new Map([...losses].map(([seed, loss]) => [seed, Math.abs(loss - middle)]));
}

/** Returns the verdict on a claim that needs several differences: all of them, and one against it is enough. */
export function together(gains: readonly (Gain | null)[]): Claim['verdict'] {
  const verdicts = gains.map(verdictOf);
  if (verdicts.includes('fails')) return 'fails';
  return verdicts.every((verdict) => verdict === 'holds') ? 'holds' : 'cannot tell';
}

export const verdictOf = (gain: Gain | null): Claim['verdict'] =>
  gain?.verdict === 'better' ? 'holds' : gain?.verdict === 'worse' ? 'fails' : 'cannot tell';

function gainText(gain: Gain | null): string {
  if (gain === null) return noRuns;
  const by = `loss ${differenceText(gain, 'loss')}`;
  const { p, within, seeds } = gain;
  if (p === null || within === null) return `${by} in one pair`;
  return `${by}, p ${formatChance(p)}, surely less than ${formatFixed(within, 4)} apart, ${seeds} pairs`;
}

/** Stands where two methods have no seed in common. */
export const noRuns = 'no runs in common';

/**
 * Says on which side of what it is compared with a metric lies, and how far, with its interval where there is one:
 * `lower by 0.0200 (95 %: 0.0100 to 0.0300)`, `higher by 0.0010 (95 %: 0.0020 lower to 0.0040 higher)`.
 */
export function differenceText({ mean, interval }: Pick<Gain, 'mean' | 'interval'>, metric: string): string {
  const up = biggerIsBetter(metric) ? 1 : -1;
  if (mean === 0 && interval?.[0] === interval?.[1]) return 'the same';
  const by = `${sideOf(mean, metric)} by ${sizeText(mean)}`;
  if (interval === null) return by;
  // From the smaller size to the larger where both ends lie on one side.
  const ends = [...interval].sort((one, other) => Math.abs(one) - Math.abs(other));
  const isOneSided = ends.every((end) => end * mean > 0);
  const texts = isOneSided
    ? ends.map((end) => sizeText(end))
    : [...interval]
        .sort((one, other) => (one - other) * up)
        .map((end) => `${sizeText(end)} ${sideOf(end, metric)}`);
  return `${by} (95 %: ${texts.join(' to ')})`;
}

/** Returns on which side of what it is compared with a metric lies that is so much better. */
export const sideOf = (gain: number, metric: string): 'lower' | 'higher' =>
  biggerIsBetter(metric) === gain >= 0 ? 'higher' : 'lower';

/** Writes how large a difference is: two digits of a small one say enough. */
export function sizeText(difference: number): string {
  const size = Math.abs(difference);
  return formatMetric(size < 0.001 ? Number(size.toPrecision(2)) : size);
}
