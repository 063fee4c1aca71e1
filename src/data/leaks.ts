import { formatMetric } from '../shared/numbers.js';
import { inputOf, numericNames } from './encode/encoder.js';
import type { PreparedData } from './prepared.js';

/** The number of training rows that are looked at, evenly over all: fewer for a table of many features. */
const sampleRows = (features: number): number => Math.max(500, Math.min(10_000, Math.floor(2e6 / features)));
/** A feature that alone is better than this is suspected. */
const nearlyPerfect = 0.99;
/** Fewer rows on one side of a label prove nothing. */
const fewestRows = 10;

/**
 * Warns of features that alone nearly give a label away: by their value, by being missing, or by their
 * category, learned from half of the rows and looked at in the other half. Such a column is often known only
 * after the label is. The cost is linear in features × tasks, on a sample of the rows.
 */
export function leakWarnings(data: PreparedData): string[] {
  const { encoder, train, tasks } = data;
  const names = numericNames(encoder);
  const step = Math.ceil(train.rows / sampleRows(names.length + encoder.categorical.length));
  const rows = Array.from({ length: Math.floor(train.rows / step) }, (_, i) => i * step);
  const fields = inputOf(encoder).fields.slice(0, encoder.categorical.length);
  const allFields = inputOf(encoder).fields.length;
  return tasks.flatMap(({ name, kind, positive }, task) => {
    if (kind === 'multiclass') return [];
    const labelled = rows.filter((row) => !Number.isNaN(train.labels[row * tasks.length + task]!));
    const labels = labelled.map((row) => train.labels[row * tasks.length + task]!);
    const measure = kind === 'binary' ? aucOf : r2Of;
    const metric = kind === 'binary' ? 'AUC' : 'R²';
    const found: string[] = [];
    const suspect = (feature: string, value: number): void => {
      if (!(value > nearlyPerfect)) return;
      found.push(
        `feature "${feature}" alone predicts "${name}" nearly perfectly (${metric} ${formatMetric(value)}); ` +
          'if it is known only after the label is, set it to "ignore"',
      );
    };
    names.forEach((input, at) => {
      const values = labelled.map((row) => train.numeric[row * names.length + at]!);
      suspect(input, measure(values, labels));
    });
    fields.forEach((field, at) => {
      const codes = labelled.map((row) => train.categorical[row * allFields + at]!);
      const means = meansByCode(codes, labels, positive ?? 0);
      const held = codes.flatMap((code, i) => (i % 2 === 1 ? [means(code)] : []));
      suspect(
        field.name,
        measure(
          held,
          labels.filter((_, i) => i % 2 === 1),
        ),
      );
    });
    return found;
  });
}

/** Returns the mean label of a code in every other row; `otherwise` where none has it. */
function meansByCode(
  codes: readonly number[],
  labels: readonly number[],
  otherwise: number,
): (code: number) => number {
  const sums = new Map<number, { sum: number; count: number }>();
  codes.forEach((code, i) => {
    if (i % 2 === 1) return;
    const one = sums.get(code) ?? { sum: 0, count: 0 };
    sums.set(code, { sum: one.sum + labels[i]!, count: one.count + 1 });
  });
  return (code) => {
    const one = sums.get(code);
    return one === undefined ? otherwise : one.sum / one.count;
  };
}

/** Returns the area under the ROC curve of values, or of their negatives if that is larger; 0 for too few rows. */
function aucOf(values: readonly number[], labels: readonly number[]): number {
  const order = values.map((_, i) => i).sort((one, other) => values[one]! - values[other]!);
  const positives = labels.filter((label) => label === 1).length;
  const negatives = labels.length - positives;
  if (Math.min(positives, negatives) < fewestRows) return 0;
  let below = 0;
  let pairs = 0;
  for (let i = 0; i < order.length;) {
    const value = values[order[i]!]!;
    let [ones, zeros] = [0, 0];
    for (; i < order.length && values[order[i]!] === value; i++)
      if (labels[order[i]!] === 1) ones++;
      else zeros++;
    pairs += ones * (below + zeros / 2);
    below += zeros;
  }
  const auc = pairs / (positives * negatives);
  return Math.max(auc, 1 - auc);
}

/** Returns the squared correlation of values with labels; 0 for too few rows. */
function r2Of(values: readonly number[], labels: readonly number[]): number {
  if (values.length < 2 * fewestRows) return 0;
  const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;
  const [meanValue, meanLabel] = [mean(values), mean(labels)];
  let [both, own, other] = [0, 0, 0];
  values.forEach((value, i) => {
    both += (value - meanValue) * (labels[i]! - meanLabel);
    own += (value - meanValue) ** 2;
    other += (labels[i]! - meanLabel) ** 2;
  });
  return own > 0 && other > 0 ? both ** 2 / (own * other) : 0;
}
