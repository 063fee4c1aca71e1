import { formatFixed } from '../../shared/numbers.js';
import { linesOf } from '../../shared/study/paper/recommender-results.js';
import type { Combination } from '../../shared/study/summary.js';

/** The width of a bar of weight 1. */
const barWidth = 40;

/** Draws how the gates of one recommender weigh the experts, a line for each. */
export function gateBars(trained: readonly Combination[]): string[] {
  const [first] = linesOf(trained, 'mmoe');
  const gates = Object.entries(first?.gates ?? {});
  if (first === undefined || gates.length === 0) return ['there are no gates'];
  return [
    `Figure 6: mean weights of the experts over test rows, MMoE, seed ${first.seed}`,
    ...gates.flatMap(([task, { mean }]) => [
      `gate of ${task}`,
      ...mean.map((weight, expert) => `  expert ${expert + 1}  ${bar(weight)} ${formatFixed(weight, 3)}`),
    ]),
    '',
  ];
}

const bar = (weight: number): string => '█'.repeat(Math.round(weight * barWidth)).padEnd(barWidth, '·');
