import { meanOf } from '../../statistics/statistics.js';
import { shownValue } from '../settings.js';
import type { Combination } from '../summary.js';

/** The methods of the study, in the paper's order. */
export const methods = ['shared-bottom', 'omoe', 'mmoe'] as const;
export type Method = (typeof methods)[number];
/** The task correlations of its figures. */
export const correlations = [0.5, 0.9, 1] as const;

/** Returns the test losses of a method and correlation by seed: the mean of the two tasks'. */
export function testLosses(
  combinations: readonly Combination[],
  method: Method,
  correlation: number,
): Map<number, number> {
  const lines = found(combinations, method, correlation)?.lines ?? [];
  const losses = new Map<number, number>();
  for (const { seed, test } of lines) {
    const values = Object.values(test ?? {}).map((metrics) => metrics['loss'] ?? NaN);
    if (values.length > 0 && values.every(Number.isFinite)) losses.set(seed, meanOf(values));
  }
  return losses;
}

/** Returns the mean over runs and tasks of a method's losses on training rows, and the learning rate that was picked. */
export function meanCurve(
  combinations: readonly Combination[],
  method: Method,
  correlation: number,
): {
  readonly epochs: readonly number[];
  readonly losses: readonly (number | null)[];
  readonly rate: string;
} {
  const combination = found(combinations, method, correlation);
  const curves =
    combination?.lines.filter(({ status }) => status === 'finished').map((line) => line.curves) ?? [];
  const epochs = curves[0]?.epochs ?? [];
  const losses = epochs.map((_, i) => {
    const values = curves.flatMap(({ train }) => Object.values(train).flatMap((of) => of[i] ?? []));
    return values.length === 0 ? null : meanOf(values);
  });
  return { epochs, losses, rate: shownValue(combination?.settings['training.learningRate']) };
}

const found = (
  combinations: readonly Combination[],
  method: Method,
  correlation: number,
): Combination | undefined =>
  combinations.find(
    ({ settings }) =>
      settings['model.variant'] === method && settings['data.source.synthetic.correlation'] === correlation,
  );
