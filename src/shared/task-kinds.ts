/** The kinds of tasks and the metrics of each: the one list for experiments, runs, pages and terminal. */

export const taskKinds = ['binary', 'multiclass', 'regression'] as const;
export type TaskKind = (typeof taskKinds)[number];

interface MetricFacts {
  /** The name that people call it by. */
  readonly label: string;
  readonly biggerIsBetter: boolean;
}

const facts = {
  auc: { label: 'AUC', biggerIsBetter: true },
  accuracy: { label: 'accuracy', biggerIsBetter: true },
  r2: { label: 'R²', biggerIsBetter: true },
  /** The loss is what training minimises. */
  loss: { label: 'loss', biggerIsBetter: false },
  logLoss: { label: 'log-loss', biggerIsBetter: false },
  mse: { label: 'MSE', biggerIsBetter: false },
} as const satisfies Record<string, MetricFacts>;

export type MetricName = keyof typeof facts;
export const allMetrics = Object.keys(facts) as [MetricName, ...MetricName[]];

/** The metrics by kind of task. The first is the main one, by which a task is judged. */
export const metricNames = {
  binary: ['auc', 'loss', 'logLoss', 'accuracy'],
  multiclass: ['accuracy', 'auc', 'loss', 'logLoss'],
  regression: ['r2', 'loss', 'mse'],
} as const satisfies Record<TaskKind, readonly [MetricName, ...MetricName[]]>;

/** What R² is without the row of the largest error: beside a task's metrics where that row decides R². */
export const r2WithoutWorst = 'r2WithoutWorst';

/** The names of the metrics of a kind of task. */
export type MetricOf<Kind extends TaskKind> = (typeof metricNames)[Kind][number];

/** Returns the metric that a task is judged by. */
export const mainMetric = (kind: TaskKind): 'auc' | 'accuracy' | 'r2' => metricNames[kind][0];

const factsOf = (metric: string): MetricFacts | undefined =>
  Object.hasOwn(facts, metric) ? facts[metric as MetricName] : undefined;

/** Returns how people call a metric; one that only a newer version knows is called as it is written. */
export const metricLabel = (metric: string): string => factsOf(metric)?.label ?? metric;

/** Returns whether more of a metric is better; that is assumed of one that only a newer version knows. */
export const biggerIsBetter = (metric: string): boolean => factsOf(metric)?.biggerIsBetter ?? true;

/** Returns whether a kind of task has a metric. */
export const hasMetric = (kind: TaskKind, metric: string): boolean =>
  metricNames[kind].some((name) => name === metric);
