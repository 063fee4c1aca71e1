import type { OptimizerSettings } from '../engine/engine.js';
import type { Experiment } from '../experiment/schema.js';
import { defaultWeightDecay } from '../experiment/schema/training.js';
import { noSuchTask } from '../experiment/sense/sense.js';
import { InputError } from '../shared/errors.js';
import type { RunTask } from '../shared/run/run-manifest.js';
import { biggerIsBetter, hasMetric, mainMetric, metricNames } from '../shared/task-kinds.js';

type TrainingSettings = Experiment['training'];

export function optimizerSettings(training: TrainingSettings): OptimizerSettings {
  const { optimizer, learningRate, beta1, beta2, epsilon, momentum, clipNorm } = training;
  const { weightDecay = defaultWeightDecay[optimizer] } = training;
  return {
    optimizer: optimizer === 'sgd' ? 'sgd' : 'adam',
    ...{ learningRate, beta1, beta2, epsilon, momentum, weightDecay },
    ...(clipNorm !== undefined && { clipNorm }),
  };
}

/** The score of an epoch: the mean over these (task, metric) pairs, turned so that more is better. */
export interface EpochScore {
  readonly parts: readonly { readonly task: string; readonly metric: string; readonly sign: 1 | -1 }[];
  /** Epochs without a better one after which training stops; null: never. */
  readonly patience: number | null;
}

/** Throws InputError where `stopEarly` names a task that is not there, or a metric that it does not have. */
export function epochScore(
  training: TrainingSettings,
  tasks: readonly Pick<RunTask, 'name' | 'kind'>[],
): EpochScore {
  const { task: name, metric, patience } = training.stopEarly;
  const named = name === undefined ? tasks : tasks.filter((task) => task.name === name);
  if (name !== undefined && named.length === 0)
    throw noSuchTask(
      name,
      tasks.map((task) => task.name),
    );
  const judged = metric === undefined ? named : named.filter((task) => hasMetric(task.kind, metric));
  if (judged.length === 0) throw unknownMetric(metric ?? '', named);
  return {
    parts: judged.map((task) => {
      const chosen = metric ?? mainMetric(task.kind);
      return { task: task.name, metric: chosen, sign: biggerIsBetter(chosen) ? 1 : -1 };
    }),
    patience: patience ?? null,
  };
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
