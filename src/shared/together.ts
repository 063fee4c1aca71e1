import { seedsThatTell, verdictBy, type Gain } from './comparison.js';
import { holm } from './statistics/statistics.js';

/** Whether tasks are better learned together than each alone, as far as that has been seen. */

/** A method that learns them together, beside single-task with the same settings, on one task. */
export interface TaskGain {
  readonly method: string;
  readonly task: string;
  /** Of the task's main metric. */
  readonly gain: Gain;
}

export interface TogetherVerdict {
  /**
   * `yes`: a method is better for a task and worse for none. `trade`: what is better for one is worse for
   * another. `perhaps`: better, but one of so many comparisons comes out so by chance. `no`: each method is
   * worse for some task. `one seed`: nothing can be told from one.
   */
  readonly answer: 'yes' | 'trade' | 'perhaps' | 'no' | 'cannot tell' | 'one seed';
  /** What shows it best, the surest first; where nothing can be told, what comes nearest. */
  readonly shown: readonly TaskGain[];
  /** How many methods × tasks were compared. */
  readonly comparisons: number;
  /** Where nothing can be told: about how many seeds would, for the nearest; null: no telling. */
  readonly seedsToTell: number | null;
}

const mostShown = 3;

/** Returns whether tasks are better learned together; null: nothing was compared. */
export function learnTogether(gains: readonly TaskGain[]): TogetherVerdict | null {
  if (gains.length === 0) return null;
  const tested = gains.filter(({ gain }) => gain.p !== null);
  const adjusted = holm(tested.map(({ gain }) => gain.p));
  const sure = new Set(tested.filter(({ gain }, i) => verdictBy(adjusted[i]!, gain.mean) !== 'cannot tell'));
  const surestFirst = [...tested].sort((a, b) => a.gain.p! - b.gain.p!);
  const judged = (verdict: Gain['verdict']): TaskGain[] =>
    surestFirst.filter(({ gain }) => gain.verdict === verdict);
  const [better, worse] = [judged('better'), judged('worse')];
  const isWorse = (method: string): boolean => worse.some((one) => one.method === method);
  const told = (
    answer: TogetherVerdict['answer'],
    shown: readonly TaskGain[],
    seedsToTell: number | null = null,
  ): TogetherVerdict => ({
    answer,
    shown: shown.slice(0, mostShown),
    comparisons: gains.length,
    seedsToTell,
  });
  if (tested.length === 0) return told('one seed', []);
  const surelyBetter = better.filter((one) => sure.has(one));
  const harmless = surelyBetter.filter(({ method }) => !isWorse(method));
  if (harmless.length > 0) return told('yes', harmless);
  const [trade] = better.filter(({ method }) => isWorse(method));
  if (trade !== undefined && (sure.has(trade) || better.every(({ method }) => isWorse(method))))
    return told('trade', [trade, ...worse.filter(({ method }) => method === trade.method)]);
  if (better.length > 0)
    return told(
      'perhaps',
      better.filter(({ method }) => !isWorse(method)),
    );
  const methods = new Set(gains.map(({ method }) => method));
  if ([...methods].every(isWorse)) return told('no', worse);
  const open = judged('cannot tell');
  const seeds = open.flatMap(({ gain }) => seedsThatTell(gain) ?? []);
  return told('cannot tell', open, seeds.length === 0 ? null : Math.min(...seeds));
}
