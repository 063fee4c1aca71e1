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
  return metricsOfKind[task.kind](task);
}

const metricsOfKind: {
  readonly [Kind in TaskKind]: (task: ScoredTask) => Readonly<Record<MetricOf<Kind>, number>>;
} = { binary: binaryMetrics, multiclass: multiclassMetrics, regression: regressionMetrics };

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

function binaryMetrics({ predictions, labels, weights }: ScoredTask): Record<MetricOf<'binary'>, number> {
  let total = 0;
  let loss = 0;
  let limitedLoss = 0;
  let right = 0;
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
  return {
    auc: calculator.auc(predictions, 1, 0, labels, 1, weights),
    loss: loss / total,
    logLoss: limitedLoss / total,
    accuracy: right / total,
  };
}

function multiclassMetrics({
  predictions,
  outputs,
  labels,
  weights,
}: ScoredTask): Record<MetricOf<'multiclass'>, number> {
  let total = 0;
  let loss = 0;
  let limitedLoss = 0;
  let right = 0;
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
  let aucs = 0;
  let classes = 0;
  for (let k = 0; k < outputs; k++) {
    const auc = calculator.auc(predictions, outputs, k, labels, k, weights);
    if (Number.isNaN(auc)) continue;
    aucs += auc;
    classes++;
  }
  return { accuracy: right / total, auc: aucs / classes, loss: loss / total, logLoss: limitedLoss / total };
}

function regressionMetrics({
  predictions,
  labels,
  weights,
  factor,
}: ScoredTask): Record<MetricOf<'regression'> | typeof r2WithoutWorst, number> {
  let total = 0;
  let mean = 0;
  let spread = 0;
  let squares = 0;
  let worst = { square: 0, label: 0, weight: 0 };
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
