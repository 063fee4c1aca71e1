import { formatPercent, formatShort } from '../../../src/shared/numbers.js';
import type { RunTask } from '../../../src/shared/run/run-manifest.js';
import { s } from '../../strings.js';

/** Returns what a task is, `binary · 6.2 % positive`. */
export function taskFacts(task: RunTask): string {
  const labels = labelFacts(task);
  return labels === null ? s(task.kind) : `${s(task.kind)} · ${labels}`;
}

/** Returns what the training labels are like; null where the trainer has not counted them. */
function labelFacts({ kind, positive, classes, mean, sd }: RunTask): string | null {
  switch (kind) {
    case 'binary':
      return positive === undefined ? null : s('positive', formatPercent(positive));
    case 'multiclass':
      return classes === undefined ? null : s('classes', classes.length);
    case 'regression':
      return mean === undefined ? null : s('meanSd', formatShort(mean), formatShort(sd));
  }
}
