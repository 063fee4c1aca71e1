import { meanOf } from '../shared/statistics/statistics.js';
import type { StudyLine } from '../shared/study/line.js';
import { isSameValue } from '../shared/study/settings.js';
import type { StudyFile } from './schema.js';

type Pick = NonNullable<StudyFile['pick']>;

/**
 * Returns the value of a setting with the lowest validation loss: the sum of the tasks' losses at the best epoch, in
 * the mean over seeds. A value with which a training has diverged is not picked, unless all have; of two alike, the
 * first is.
 */
export function pickedValue({ setting, values }: Pick, trials: readonly StudyLine[]): unknown {
  const losses = values.map((value) => {
    const ofValue = trials.filter(({ settings }) => isSameValue(settings[setting], value)).map(lossOf);
    return ofValue.length === 0 ? Infinity : meanOf(ofValue);
  });
  return values[losses.indexOf(Math.min(...losses))];
}

/** Returns the sum of a training's validation losses; infinite: it has none. */
function lossOf({ validation }: StudyLine): number {
  if (validation === null) return Infinity;
  return Object.values(validation).reduce((sum, metrics) => sum + (metrics['loss'] ?? Infinity), 0);
}
