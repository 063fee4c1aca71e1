import { formatPercent, formatShort } from '../../../src/shared/numbers.js';
import type { RunManifest, RunTask } from '../../../src/shared/run/run-manifest.js';
import { s } from '../../strings.js';

/** Returns what a task is, `binary · 6.2 % positive (yes) · labels in 43.5 % of the rows`. */
export function taskFacts(task: RunTask, rows: Rows | null = null): string {
  return [s(task.kind), labelFacts(task), labelled(task, rows)].filter((fact) => fact !== null).join(' · ');
}

type Rows = NonNullable<RunManifest['data']>['rows'];

/** Returns how many training rows have the label; null where all have, or nobody has counted. */
function labelled({ labels }: RunTask, rows: Rows | null): string | null {
  if (labels === undefined || rows === null || labels.train >= rows.train) return null;
  return s('labelled', formatPercent(labels.train / rows.train));
}

/** Returns the name of the positive class where it says more than that it is one. */
const positiveName = (classes: RunTask['classes']): string | null => {
  const name = classes?.[1];
  return name === undefined || name === '1' || name === 'true' ? null : name;
};

/** Returns what the training labels are like; null where the trainer has not counted them. */
function labelFacts({ kind, positive, classes, mean, sd }: RunTask): string | null {
  switch (kind) {
    case 'binary':
      if (positive === undefined) return null;
      return positiveName(classes) === null
        ? s('positive', formatPercent(positive))
        : s('positiveValue', formatPercent(positive), positiveName(classes)!);
    case 'multiclass':
      return classes === undefined ? null : s('classes', classes.length);
    case 'regression':
      return mean === undefined ? null : s('meanSd', formatShort(mean), formatShort(sd));
  }
}
