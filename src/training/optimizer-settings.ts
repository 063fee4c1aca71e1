import type { OptimizerSettings } from '../engine/engine.js';
import type { Experiment } from '../experiment/schema.js';
import { defaultWeightDecay } from '../experiment/schema/training.js';
import { noSuchTask } from '../experiment/sense/sense.js';
import { InputError } from '../shared/errors.js';
import type { RunTask } from '../shared/run/run-manifest.js';
import { biggerIsBetter, hasMetric, mainMetric, metricNames, type MetricName } from '../shared/task-kinds.js';

type TrainingSettings = Experiment['training'];

export function optimizerSettings(training: TrainingSettings): OptimizerSettings {
  const { optimizer, learningRate, beta1, beta2, epsilon, momentum, clipNorm, tables } = training;
  const { weightDecay = defaultWeightDecay[optimizer] } = training;
  return {
    optimizer: optimizer === 'sgd' ? 'sgd' : 'adam',
    ...{ learningRate, beta1, beta2, epsilon, momentum, weightDecay },
    ...(clipNorm !== undefined && { clipNorm }),
    ...(tables !== 'dense' && { tables }),
  };
}

type Task = Pick<RunTask, 'name' | 'kind'>;

/** The score of an epoch: the mean over `parts`, (task, metric) pairs turned so that more is better. */
export interface EpochScore {
  /** The tasks whose weights are kept by it. */
  readonly tasks: readonly Task[];
  readonly parts: readonly { readonly task: string; readonly metric: string; readonly sign: 1 | -1 }[];
  /** Epochs without a better one after which training stops; null: never. */
  readonly patience: number | null;
}

/** Throws InputError where `stopEarly` names a task that is not there, or a metric that it does not have. */
export function epochScore(training: TrainingSettings, tasks: readonly Task[]): EpochScore {
  const { task: name, metric, patience } = training.stopEarly;
  const named = name === undefined ? tasks : tasks.filter((task) => task.name === name);
  if (name !== undefined && named.length === 0)
    throw noSuchTask(
      name,
      tasks.map((task) => task.name),
    );
  const judged = metric === undefined ? named : named.filter((task) => hasMetric(task.kind, metric));
  if (judged.length === 0) throw unknownMetric(metric ?? '', named);
  return { tasks, parts: judged.map((task) => partOf(task, metric)), patience: patience ?? null };
}

function partOf({ name, kind }: Task, named?: MetricName): EpochScore['parts'][number] {
  const metric = named ?? mainMetric(kind);
  return { task: name, metric, sign: biggerIsBetter(metric) ? 1 : -1 };
}

/**
 * Returns the score of each group of tasks, by their numbers, as if it were trained alone. A group that
 * `stopEarly` does not judge is judged by its tasks' own metrics, and not waited for.
 */
export function epochScoresApart(score: EpochScore, groups: readonly (readonly number[])[]): EpochScore[] {
  return groups.map((group) => {
    const tasks = group.map((task) => score.tasks[task]!);
    const parts = score.parts.filter((part) => tasks.some(({ name }) => name === part.task));
    return parts.length > 0
      ? { tasks, parts, patience: score.patience }
      : { tasks, parts: tasks.map((task) => partOf(task)), patience: null };
  });
}

function unknownMetric(
  metric: string,
  tasks: readonly { readonly name: string; readonly kind: RunTask['kind'] }[],
): InputError {
  const known = tasks
    .map((task) => `"${task.name}" (${task.kind}) has ${metricNames[task.kind].join(', ')}`)
    .join('; ');
  return new InputError(
    'training.stop-early-metric',
    `training.stopEarly.metric: no such task has "${metric}"; ${known}`,
  );
}
