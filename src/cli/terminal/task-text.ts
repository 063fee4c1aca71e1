import { formatCount, formatPercent } from '../../shared/numbers.js';
import type { RunManifest, RunTask } from '../../shared/run/run-manifest.js';

/**
 * Says in a line what a task predicts, and how many rows have its label: `binary: the probability of "stays",
 * not "churned" (52.1 % of the training labels); labels in 80 of 100 training rows, …`.
 */
export function taskText(task: RunTask, rows: NonNullable<RunManifest['data']>['rows']): string {
  return [`${task.kind}${meaning(task)}`, ...labelText(task, rows)].join('; ');
}

function meaning({ kind, classes, positive }: RunTask): string {
  switch (kind) {
    case 'binary': {
      const [other, one] = classes ?? [];
      if (other === undefined || one === undefined) return '';
      const share = positive === undefined ? '' : ` (${formatPercent(positive)} of the training labels)`;
      return `: the probability of ${JSON.stringify(one)}, not ${JSON.stringify(other)}${share}`;
    }
    case 'multiclass':
      return classes === undefined ? '' : `: ${formatCount(classes.length)} classes`;
    case 'regression':
      return '';
  }
}

function labelText({ labels }: RunTask, rows: NonNullable<RunManifest['data']>['rows']): string[] {
  if (labels === undefined) return [];
  const parts = [
    { name: 'training', has: labels.train, of: rows.train },
    { name: 'validation', has: labels.validation, of: rows.validation },
    { name: 'test', has: labels.test, of: rows.test },
  ].filter(({ of }) => of > 0);
  if (parts.every(({ has, of }) => has === of)) return ['every row has its label'];
  const counts = parts.map(({ name, has, of }) => `${formatCount(has)} of ${formatCount(of)} ${name} rows`);
  return [`labels in ${counts.join(', ')}; rows without one train the other tasks only`];
}
