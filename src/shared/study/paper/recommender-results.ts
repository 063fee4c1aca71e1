import type { StudyLine } from '../line.js';
import type { Combination } from '../summary.js';

/** The methods of the study. The paper's Table 3 has all but the first, its Table 4 the first two and the last. */
export const recommenderMethods = [
  'single-task',
  'shared-bottom',
  'l2-constrained',
  'cross-stitch',
  'omoe',
  'mmoe',
] as const;
export type RecommenderMethod = (typeof recommenderMethods)[number];

/** The parts of one pass over the log after which Table 3 is measured; the paper's are 2, 4 and 6 million steps. */
export const checkpoints = [0.33, 0.67, 1] as const;

/** How much a like counts in the ranking of Table 4: the item with the largest P(click) · (1 + w · P(like)) is shown. */
export const likeWeight = 5;

/** Returns the trainings of a method that have not diverged. */
export function linesOf(combinations: readonly Combination[], method: RecommenderMethod): StudyLine[] {
  const found = combinations.find(({ settings }) => variantOf(settings['model']) === method);
  return found?.lines.filter(({ status }) => status === 'finished') ?? [];
}

/** Models are called by their variants where people read them. */
const variantOf = (model: unknown): unknown =>
  typeof model === 'object' && model !== null && 'variant' in model ? model.variant : model;

/** Returns a number of each training by its seed; those that do not have it are left out. */
export function numbersBySeed(
  lines: readonly StudyLine[],
  numberOf: (line: StudyLine) => number | null | undefined,
): Map<number, number> {
  return new Map(
    lines.flatMap((line) => {
      const value = numberOf(line) ?? null;
      return value === null ? [] : [[line.seed, value] as const];
    }),
  );
}

/** Returns a metric of a task at a checkpoint. */
export const atCheckpoint =
  (epoch: number, task: string, metric: string) =>
  ({ checkpoints: measured }: StudyLine): number | null | undefined =>
    measured?.find((one) => one.epoch === epoch)?.test[task]?.[metric];

/** What a policy is measured by. */
export type Goal = 'clicks' | 'likes';

/** Returns what ranking with a model is worth, by one goal. */
export const rankedBy =
  (weight: number, goal: Goal) =>
  ({ policies }: StudyLine): number | undefined =>
    policies?.model.find((one) => one.likeWeight === weight)?.[goal];
