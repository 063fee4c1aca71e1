import { ExperimentError } from '../../experiment/experiment-error.js';
import type { Experiment } from '../../experiment/schema.js';
import type { Encoder } from './encoder.js';
import { moments } from './fit.js';
import { constantLabel, type PlannedLabel } from '../decide/plan-label.js';
import type { Parts } from './split-parts.js';
import type { DataPlan } from '../decide/data-plan.js';
import type { SelectionRows } from '../read/raw-columns.js';
import type { Items } from '../duckdb/vector.js';

type EncoderTask = Encoder['tasks'][number];

/** A task's numbers, from the training rows' labels. `scratch`: room for those. */
export function prepareTask(
  label: PlannedLabel,
  task: Experiment['tasks'][number],
  labels: Items,
  trainRows: Uint32Array,
  scratch: Float64Array,
): EncoderTask {
  const known = knownLabels(labels, trainRows, scratch);
  const common = {
    name: label.name,
    kind: label.kind,
    lossWeight: task.lossWeight,
    classes: label.classes === null ? null : [...label.classes],
  };
  if (label.kind !== 'regression') {
    const positive = label.kind === 'binary' ? moments(known).mean : null;
    const outputs = label.kind === 'binary' ? 1 : (label.classes?.length ?? 0);
    return { ...common, outputs, positive, mean: null, sd: null, offset: 0, factor: 1 };
  }
  const { mean, deviation } = moments(known);
  const isScaled = (task.scale ?? 'standard') === 'standard';
  return {
    ...common,
    outputs: 1,
    positive: null,
    mean,
    sd: deviation,
    offset: isScaled ? mean : 0,
    factor: isScaled ? deviation : 1,
  };
}

/** Labels as a network reads them [rows, tasks]; NaN where missing. */
export function scaleLabels(
  tasks: readonly EncoderTask[],
  labels: readonly Items[],
  rows: Uint32Array,
  scaled: Float32Array,
): void {
  tasks.forEach(({ offset, factor }, task) => {
    const values = labels[task]!;
    for (let i = 0, to = task; i < rows.length; i++, to += tasks.length)
      scaled[to] = (values[rows[i]!]! - offset) / factor;
  });
}

/**
 * Throws an ExperimentError for a part in which a task has no labels, or labels of one kind only: its metrics
 * would mean nothing.
 */
export function failOnOneClass(
  plan: DataPlan,
  selections: readonly SelectionRows[],
  parts: Parts,
  experiment: Experiment,
): void {
  for (const [index, label] of plan.labels.entries()) {
    failOnConstant(
      label,
      selections.map(({ labels }) => labels[index]!),
      plan,
    );
    for (const part of ['train', 'validation', 'test'] as const) {
      const rows = parts[part];
      if (rows === null) continue;
      const known = differentLabels(selections[rows.selection]!.labels[index]!, rows.rows);
      const path = part === 'train' ? label.path : ['data', part];
      const where = part === 'train' ? 'training' : part;
      const remedy = remedyFor(part, experiment);
      if (known.first === null) {
        throw new ExperimentError(
          'data.no-labels',
          `task "${label.name}" has no label in any ${where} row; ${remedy}`,
          path,
        );
      }
      if (known.differ) continue;
      const only = label.classes?.[known.first] ?? String(known.first);
      const message = `task "${label.name}" has only the label ${only} in its ${known.count} ${where} rows; ${remedy}`;
      throw new ExperimentError('data.one-class', message, path);
    }
  }
}

function failOnConstant(label: PlannedLabel, labels: readonly Items[], plan: DataPlan): void {
  let first = NaN;
  for (const values of labels) {
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      if (Number.isNaN(first)) first = value;
      else if (value !== first) return;
    }
  }
  const shown = Number.isNaN(first) ? null : (label.classes?.[first] ?? String(first));
  throw constantLabel(label, shown, plan.selections[0]!.table);
}

function remedyFor(part: keyof Parts, { data }: Experiment): string {
  if (part === 'train') return 'bring more rows, or change data.where and the splits';
  const split = data[part];
  if (typeof split === 'number')
    return `make data.${part} larger, try another data.seed, or set data.${part} to 0`;
  if ('from' in split) return 'take a larger fraction, or try another data.seed';
  return `choose other rows for data.${part}, or set it to 0`;
}

/**
 * The first label of some rows (null: none has one), and how many have one up to where another differs from
 * it.
 */
function differentLabels(
  labels: Items,
  rows: Uint32Array,
): { first: number | null; count: number; differ: boolean } {
  let first: number | null = null;
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = labels[rows[i]!]!;
    if (Number.isNaN(value)) continue;
    first ??= value;
    count++;
    if (value !== first) return { first, count, differ: true };
  }
  return { first, count, differ: false };
}

function knownLabels(labels: Items, rows: Uint32Array, known: Float64Array): Float64Array {
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = labels[rows[i]!]!;
    if (!Number.isNaN(value)) known[count++] = value;
  }
  return known.subarray(0, count);
}
