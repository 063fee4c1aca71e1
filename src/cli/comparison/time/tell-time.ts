import { RunView } from '../../terminal/run-view.js';
import type { Output } from '../../terminal/terminal.js';
import type { ComparisonPlan } from '../comparison-plan.js';
import { estimateTime, type Estimated, type TimeEstimate } from './estimate.js';
import type { Trainer } from '../../trainers/trainer.js';

/**
 * Measures how long the runs of a comparison take, and says it before the first of them begins. `goesOn`: some of them
 * have been trained in part. Returns null where nothing could be measured.
 */
export async function tellTime(
  trainers: readonly Trainer[],
  { wanted, parameters }: ComparisonPlan,
  { path, output, goesOn }: { readonly path: string; readonly output: Output; readonly goesOn: boolean },
): Promise<TimeEstimate | null> {
  const view = new RunView(output);
  view.phase('measuring how long it takes');
  try {
    const measured = await estimateTime(trainers, { wanted, parameters, path });
    const time = measured && { ...measured, atMost: measured.atMost || goesOn };
    if (time !== null) view.line(estimateText(time, wanted));
    return time;
  } finally {
    view.clear();
  }
}

/** Returns `10 variants × 3 seeds: about 12 minutes`, or `7 runs: …` where not each variant has every seed. */
export function estimateText({ seconds, atMost }: TimeEstimate, wanted: readonly Estimated[]): string {
  const variants = new Set(wanted.map(({ variant }) => variant)).size;
  const seeds = new Set(wanted.map(({ experiment }) => experiment.training.seed)).size;
  const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
  const runs =
    variants * seeds === wanted.length
      ? `${counted(variants, 'variant')} × ${counted(seeds, 'seed')}`
      : counted(wanted.length, 'run');
  return `${runs}: ${aboutText(seconds)}${atMost ? ' at most, as runs may end before their last epoch' : ''}`;
}

function aboutText(seconds: number): string {
  const about = (size: number, unit: string): string => {
    const count = Math.max(1, Math.round(seconds / size));
    return `about ${count} ${unit}${count === 1 ? '' : 's'}`;
  };
  if (seconds < 90) return about(1, 'second');
  return seconds < 5400 ? about(60, 'minute') : about(3600, 'hour');
}
