import { didYouMean } from '../near.js';
import { ExperimentError } from '../experiment-error.js';
import type { Flaw } from '../explain.js';
import type { JsonPath } from '../place.js';
import type { Experiment } from '../schema.js';
import { hasMetric, metricNames } from '../../shared/task-kinds.js';

/** Something that is well formed and still cannot be meant. */
export type Questionable = Flaw & { readonly severity: 'error' | 'warning' };

/** Returns what cannot be meant in an experiment whose tasks have their names. */
export function questionable(experiment: Experiment): Questionable[] {
  return [
    ...duplicateTasks(experiment),
    ...splits(experiment),
    ...stopping(experiment),
    ...drawnOnly(experiment),
    ...windowOfNothing(experiment),
    ...syntheticOnly(experiment),
    ...settingsOfNothing(experiment),
  ];
}

function duplicateTasks(experiment: Experiment): Questionable[] {
  const found: Questionable[] = [];
  const seen = new Set<string>();
  experiment.tasks.forEach((task, index) => {
    const name = task.name ?? task.label;
    if (seen.has(name)) {
      const path = ['tasks', index, name === task.label ? 'label' : 'name'];
      found.push(
        error(
          'experiment.duplicate-task',
          `there are two tasks named "${name}"; give each its own name`,
          path,
        ),
      );
    }
    seen.add(name);
  });
  return found;
}

function splits({ data }: Experiment): Questionable[] {
  const found: Questionable[] = [];
  const share = (split: Experiment['data']['test']): number => (typeof split === 'number' ? split : 0);
  if (share(data.validation) + share(data.test) >= 1) {
    found.push(
      error('experiment.split', 'validation and test take all rows; leave some to train on', [
        'data',
        'validation',
      ]),
    );
  }
  for (const own of ['validation', 'test'] as const) {
    const split = data[own];
    if (typeof split !== 'object' || !('from' in split)) continue;
    const other = data[split.from];
    const path = ['data', own, 'from'];
    if (split.from === own)
      found.push(error('experiment.split', `${own} cannot be taken from itself; name the other split`, path));
    else if (other === 0)
      found.push(error('experiment.split', `there are no ${split.from} rows to take ${own} rows from`, path));
    else if (typeof other === 'object' && 'from' in other) {
      found.push(
        error(
          'experiment.split',
          'validation and test are each taken from the other; say where one of them comes from',
          path,
        ),
      );
    }
  }
  return found;
}

function stopping({ tasks, training, data }: Experiment): Questionable[] {
  const { task: name, metric, patience } = training.stopEarly;
  const found: Questionable[] = [];
  const names = tasks.map((task) => task.name ?? task.label);
  const chosen = tasks.filter((task) => name === undefined || (task.name ?? task.label) === name);
  if (name !== undefined && chosen.length === 0) {
    const { code, message, path } = noSuchTask(name, names);
    found.push(error(code, message, path));
  }
  const without = chosen.find(
    (task) => metric !== undefined && task.kind !== undefined && !hasMetric(task.kind, metric),
  );
  if (without?.kind !== undefined && metric !== undefined) {
    const message =
      `the ${without.kind} task "${without.name ?? without.label}" has no ${metric}; ` +
      `it has ${metricNames[without.kind].join(', ')}`;
    found.push(error('experiment.no-such-metric', message, ['training', 'stopEarly', 'metric']));
  }
  if (patience !== undefined && data.validation === 0) {
    const message =
      'without validation rows no epoch is better than another: training stops at the last epoch';
    found.push({
      ...error('experiment.no-validation', message, ['training', 'stopEarly', 'patience']),
      severity: 'warning',
    });
  }
  return found;
}

/** Returns the error of a `stopEarly` that names a task which is not there. */
export function noSuchTask(name: string, names: readonly string[]): ExperimentError {
  const hint = didYouMean(name, names) || `; the tasks are ${names.join(', ')}`;
  const message = `there is no task "${name}"${hint}`;
  return new ExperimentError('experiment.no-such-task', message, ['training', 'stopEarly', 'task']);
}

/** Returns the settings of files that rows have which are drawn. */
function drawnOnly({ data: { source, read } }: Experiment): Questionable[] {
  if (typeof source !== 'object' || read === undefined) return [];
  const what = 'synthetic' in source ? 'synthetic' : 'simulator' in source ? 'simulated' : null;
  if (what === null) return [];
  const message = `${what} data is not read from a file: this has no effect`;
  return [{ ...error('experiment.read', message, ['data', 'read']), severity: 'warning' }];
}

/** Returns the window of rows that are all in memory. */
function windowOfNothing({ data: { stream, window } }: Experiment): Questionable[] {
  if (stream !== false || window === undefined) return [];
  const message = 'with "stream": false all rows are in memory, and shuffled together: this has no effect';
  return [{ ...error('experiment.window', message, ['data', 'window']), severity: 'warning' }];
}

function syntheticOnly({ data }: Experiment): Questionable[] {
  if (typeof data.source !== 'object' || !('synthetic' in data.source)) return [];
  const found: Questionable[] = [];
  const { sines, terms, tasks: count } = data.source.synthetic;
  if (typeof sines === 'object') {
    for (const key of ['alpha', 'beta'] as const) {
      if (sines[key].length === terms) continue;
      const message =
        `${key} has ${sines[key].length} numbers for ${terms} sine terms; ` +
        'give as many as there are terms';
      found.push(error('experiment.sines', message, ['data', 'source', 'synthetic', 'sines', key]));
    }
  }
  const min = -1 / (count - 1);
  if (data.source.synthetic.correlation < min) {
    const message = `${count} tasks cannot all be related by less than ${min.toFixed(3)}`;
    found.push(error('experiment.synthetic', message, ['data', 'source', 'synthetic', 'correlation']));
  }
  if (count > data.source.synthetic.dimensions) {
    const message = `${count} tasks need at least ${count} dimensions`;
    found.push(error('experiment.synthetic', message, ['data', 'source', 'synthetic', 'tasks']));
  }
  return found;
}

/** Returns settings of what does not stand beside a number: edges of bins, and what periodic alone has. */
function settingsOfNothing({ columns }: Experiment): Questionable[] {
  return Object.entries(columns).flatMap(([name, column]) => {
    if (column === 'ignore' || column.kind !== 'numeric' || typeof column.scale !== 'object') return [];
    const { bins, piecewise, edges, values, beside, periodic, sigma, embedding } = column.scale;
    const found: [string, string][] = [];
    if (bins === undefined && piecewise === undefined && edges !== 'quantile')
      found.push(['edges', `${edges} edges are those of bins or piecewise`]);
    if (beside !== undefined && [bins, piecewise, values, periodic].every((part) => part === undefined))
      found.push(['beside', 'beside is about bins, pieces, values or periodic inputs']);
    if (periodic === undefined && sigma !== undefined) found.push(['sigma', 'sigma is that of periodic']);
    if (periodic === undefined && embedding !== undefined)
      found.push(['embedding', 'the embedding of a number is that of periodic']);
    return found.map(([setting, whose]) => {
      const others = setting === 'edges' || setting === 'beside' ? 'them' : 'it';
      const message = `${whose}: this has no effect without ${others}`;
      const path = ['columns', name, 'scale', setting];
      return { ...error(`experiment.${setting}`, message, path), severity: 'warning' as const };
    });
  });
}

const error = (code: string, message: string, path: JsonPath): Questionable => ({
  severity: 'error',
  code,
  message,
  path,
  part: 'value',
});
