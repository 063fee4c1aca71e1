import type { TaskMetrics } from '../../shared/run/run-manifest.js';
import { metricNames, r2WithoutWorst, type MetricOf, type TaskKind } from '../../shared/task-kinds.js';
import { AucCalculator } from './auc.js';

/** The predictions and labels of one task to be scored: n rows. */
export interface ScoredTask {
  readonly kind: TaskKind;
  readonly outputs: number;
  /** [n, outputs]: probabilities, or values as the network predicts them. */
  readonly predictions: Float32Array;
  /** [n]: 0 or 1, a class index, or a value as the network predicts it; NaN: the row does not count. */
  readonly labels: Float32Array;
  /** [n] or null: all 1. */
  readonly weights: Float32Array | null;
  /** Regression: a label's unit in the network's unit; 1 otherwise. */
  readonly factor: number;
}

/** Values by metric name; NaN where undefined. */
export type MetricValues = Record<string, number>;

/** Log-loss limits probabilities to [ε, 1 − ε], ε of 32-bit floats, as scikit-learn does for such. */
const logLossLimit = 2 ** -23;
/**
 * The largest value of a probability that 32 bits show as 0, and of the rest that they show as 1: bounds
 * `loss`, which is minimised from logits and has no limit.
 */
const smallestProbability = 2 ** -149;
const smallestRest = 2 ** -25;

const calculator = new AucCalculator();

/** What the metrics of a task but AUC are computed of, summed over rows in their order. */
export interface ScoreSums {
  add(rows: Pick<ScoredTask, 'outputs' | 'predictions' | 'labels' | 'weights'>): void;
  /** Returns all metrics. `auc`: that of the same rows. */
  values(auc: number): MetricValues;
}

/** Returns sums over no rows yet. `factor`: a label's unit in the network's unit (regression). */
export function scoreSums({ kind, factor }: Pick<ScoredTask, 'kind' | 'factor'>): ScoreSums {
  switch (kind) {
    case 'binary':
      return new BinarySums();
    case 'multiclass':
      return new MulticlassSums();
    case 'regression':
      return new RegressionSums(factor);
  }
}

/**
 * All metrics of a task (metricNames), each a mean over the rows weighted by their weights: binary: `auc`;
 * `loss`, cross-entropy as minimised; `logLoss`, the same with limited probabilities; `accuracy` at 0.5.
 * multiclass: `auc`, the mean of one-vs-rest AUCs over classes that have rows on both sides; `accuracy` of
 * the most likely class. regression: `loss`, the mean squared error as minimised; `mse` in the label's own
 * units; `r2` = 1 − Σ(y − ŷ)² / Σ(y − ȳ)², and `r2WithoutWorst`, the same without the row of the largest
 * error. Undefined ones (no rows, one class only, labels all equal) are
 * NaN.
 */
export function taskMetrics(task: ScoredTask): MetricValues {
  const sums = scoreSums(task);
  sums.add(task);
  const { predictions, outputs, labels, weights } = task;
  return sums.values(
    meanAuc(task, (column, positive) =>
      calculator.auc(predictions, outputs, column, labels, positive, weights),
    ),
  );
}

/**
 * Returns a task's AUC, given that of the predictions of one column for one label: the mean over classes that have
 * rows on both sides; NaN where there is none.
 */
export function meanAuc(
  { kind, outputs }: Pick<ScoredTask, 'kind' | 'outputs'>,
  aucOf: (column: number, positive: number) => number,
): number {
  if (kind === 'regression') return NaN;
  if (kind === 'binary') return aucOf(0, 1);
  let aucs = 0;
  let classes = 0;
  for (let k = 0; k < outputs; k++) {
    const auc = aucOf(k, k);
    if (Number.isNaN(auc)) continue;
    aucs += auc;
    classes++;
  }
  return aucs / classes;
}

/**
 * Returns metrics as events have them: only those of the task's kind, null for what is undefined; and what one
 * of them would be without its worst row, where that row decides it.
 */
export function reported(kind: TaskKind, values: MetricValues): TaskMetrics {
  const own = Object.fromEntries(metricNames[kind].map((name) => [name, finite(values[name])]));
  const { r2, [r2WithoutWorst]: without } = values;
  return r2 !== undefined && without !== undefined && without - r2 > decides
    ? { ...own, [r2WithoutWorst]: without }
    : own;
}

/** A row decides an R² that is so much larger without it. */
const decides = 0.05;

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

class BinarySums implements ScoreSums {
  private total = 0;
  private loss = 0;
  private limitedLoss = 0;
  private right = 0;

  add({ predictions, labels, weights }: Parameters<ScoreSums['add']>[0]): void {
    let { total, loss, limitedLoss, right } = this;
    for (let row = 0; row < labels.length; row++) {
      const label = labels[row]!;
      if (label !== label) continue;
      const weight = weights === null ? 1 : weights[row]!;
      if (weight === 0) continue;
      const p = predictions[row]!;
      const likelihood = label === 1 ? p : 1 - p;
      total += weight;
      const limited = Math.min(Math.max(likelihood, logLossLimit), 1 - logLossLimit);
      const least = Math.max(likelihood, label === 1 ? smallestProbability : smallestRest);
      const limitedLog = Math.log(limited);
      limitedLoss -= weight * limitedLog;
      // Nearly always the same number, and a logarithm is what takes time here.
      loss -= weight * (least === limited ? limitedLog : Math.log(least));
      if (p > 0.5 === (label === 1)) right += weight;
    }
    Object.assign(this, { total, loss, limitedLoss, right });
  }

  values(auc: number): Record<MetricOf<'binary'>, number> {
    const { total, loss, limitedLoss, right } = this;
    return { auc, loss: loss / total, logLoss: limitedLoss / total, accuracy: right / total };
  }
}

class MulticlassSums implements ScoreSums {
  private total = 0;
  private loss = 0;
  private limitedLoss = 0;
  private right = 0;

  add({ predictions, outputs, labels, weights }: Parameters<ScoreSums['add']>[0]): void {
    let { total, loss, limitedLoss, right } = this;
    for (let row = 0; row < labels.length; row++) {
      const label = labels[row]!;
      if (label !== label) continue;
      const weight = weights === null ? 1 : weights[row]!;
      if (weight === 0) continue;
      const first = row * outputs;
      let best = 0;
      for (let k = 1; k < outputs; k++) if (predictions[first + k]! > predictions[first + best]!) best = k;
      const likelihood = predictions[first + label]!;
      total += weight;
      loss -= weight * Math.log(Math.max(likelihood, smallestProbability));
      limitedLoss -= weight * Math.log(Math.min(Math.max(likelihood, logLossLimit), 1 - logLossLimit));
      if (best === label) right += weight;
    }
    Object.assign(this, { total, loss, limitedLoss, right });
  }

  values(auc: number): Record<MetricOf<'multiclass'>, number> {
    const { total, loss, limitedLoss, right } = this;
    return { accuracy: right / total, auc, loss: loss / total, logLoss: limitedLoss / total };
  }
}

class RegressionSums implements ScoreSums {
  private total = 0;
  private mean = 0;
  private spread = 0;
  private squares = 0;
  private worst = { square: 0, label: 0, weight: 0 };

  constructor(private readonly factor: number) {}

  add({ predictions, labels, weights }: Parameters<ScoreSums['add']>[0]): void {
    let { total, mean, spread, squares, worst } = this;
    for (let row = 0; row < labels.length; row++) {
      const label = labels[row]!;
      if (label !== label) continue;
      const weight = weights === null ? 1 : weights[row]!;
      if (weight === 0) continue;
      const error = predictions[row]! - label;
      const square = weight * error * error;
      squares += square;
      if (square > worst.square) worst = { square, label, weight };
      // West's weighted form of Welford's mean and sum of squares; in this order equal labels leave a spread of
      // exactly 0.
      total += weight;
      const delta = label - mean;
      mean += delta * (weight / total);
      spread += weight * delta * (label - mean);
    }
    Object.assign(this, { total, mean, spread, squares, worst });
  }

  values(): Record<MetricOf<'regression'> | typeof r2WithoutWorst, number> {
    const { total, mean, spread, squares, worst, factor } = this;
    const loss = squares / total;
    // Welford's sums with the worst row taken back out.
    const delta = worst.label - mean;
    const others = spread - (worst.weight * delta * delta * total) / (total - worst.weight);
    return {
      r2: spread > 0 ? 1 - squares / spread : NaN,
      [r2WithoutWorst]: others > 0 ? 1 - (squares - worst.square) / others : NaN,
      loss,
      mse: loss * factor * factor,
    };
  }
}
