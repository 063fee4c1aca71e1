import { availableParallelism } from 'node:os';
import type { EstimateReport } from '../../../../shared/messages/reports.js';
import type { ChosenRuns, TimesToTrain } from '../choose-variants.js';
import { aboutText, secondsMeasured, secondsToTrain, type EarlierRun } from './time-to-train.js';

/** With so many seeds most comparisons are made, and all processors have something to do. */
const usualSeeds = 3;

/**
 * Returns what is known of the time to train an experiment: by earlier runs of it, or, where there are none, by a look
 * at a training of each variant, which begins now.
 */
export function knownTimes(
  earlier: readonly EarlierRun[],
  measure: (seeds: number) => Promise<EstimateReport>,
): TimesToTrain {
  const byEarlier = (chosen: ChosenRuns): number | null =>
    secondsToTrain(chosen, earlier, availableParallelism());
  if (byEarlier({ variants: [], seeds: 1 }) !== null)
    return {
      textOf: (chosen) => aboutText(byEarlier(chosen) ?? 0),
      measuring: null,
    };
  let report: EstimateReport | null = null;
  const measuring = measure(usualSeeds)
    .then((measured) => {
      report = measured;
    })
    // Why it cannot be told is said when it is trained.
    .catch(() => undefined);
  return {
    textOf: (chosen) => (report === null ? null : aboutText(secondsMeasured(chosen, report), report.atMost)),
    measuring,
  };
}
