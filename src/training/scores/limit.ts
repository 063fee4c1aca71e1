import type { PreparedTask } from '../../data/prepared.js';

/** Limits a task's values, as the network predicts them, to what its predictions may be. */
export function limit(
  values: Float32Array,
  { limits, offset, factor }: Pick<PreparedTask, 'limits' | 'offset' | 'factor'>,
): void {
  if (limits === undefined) return;
  const [low, high] = [(limits.low - offset) / factor, (limits.high - offset) / factor];
  for (let row = 0; row < values.length; row++) values[row] = Math.max(low, Math.min(high, values[row]!));
}
