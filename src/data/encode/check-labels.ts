import { ExperimentError } from '../../experiment/experiment-error.js';
import type { Experiment } from '../../experiment/schema.js';
import type { Decided } from '../decide/data-plan.js';
import { partNames, type PartName } from '../decide/split.js';
import type { Items } from '../duckdb/vector.js';
import type { SelectionRows } from '../gather/selection-rows.js';
import { splitKind } from '../read/source-kind.js';
import type { Parts } from './split-parts.js';

type LabelToCheck = Decided['labels'][number];

/**
 * Throws an ExperimentError for a part in which a task has no labels or only one label: its metrics would
 * mean nothing.
 */
export function failOnOneLabel(
  plan: Decided,
  selections: readonly SelectionRows[],
  parts: Parts,
  experiment: Experiment,
): void {
  for (const [task, label] of plan.labels.entries()) {
    const labels = selections.map((selection) => selection.labels[task]!);
    failOnConstant(label, labels, plan.selections[0]!.table.title);
    for (const part of partNames) {
      const rows = parts[part];
      if (rows !== null) failOnPart(label, labels[rows.selection]!, rows.rows, part, experiment);
    }
  }
}

function failOnConstant(
  { name, path, classes }: LabelToCheck,
  labels: readonly Items[],
  table: string,
): void {
  let first = NaN;
  for (const values of labels) {
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      if (Number.isNaN(first)) first = value;
      else if (value !== first) return;
    }
  }
  const what = Number.isNaN(first)
    ? 'is missing in all rows'
    : `has the same value, ${classes?.[first] ?? String(first)}, in all rows that have one`;
  const message = `the label of task "${name}" ${what} of ${table}; there is nothing to learn`;
  throw new ExperimentError('data.label-constant', message, path);
}

function failOnPart(
  { name, path, classes }: LabelToCheck,
  labels: Items,
  rows: Uint32Array,
  part: PartName,
  experiment: Experiment,
): void {
  const { first, count, differ } = differentLabels(labels, rows);
  if (differ) return;
  const at = part === 'train' ? path : ['data', part];
  const where = part === 'train' ? 'training' : part;
  const remedy = remedyFor(part, experiment);
  if (first === null)
    throw new ExperimentError(
      'data.no-labels',
      `task "${name}" has no label in any ${where} row; ${remedy}`,
      at,
    );
  const only = classes?.[first] ?? String(first);
  const message = `task "${name}" has only the label ${only} in its ${count} ${where} rows; ${remedy}`;
  throw new ExperimentError('data.one-class', message, at);
}

function remedyFor(part: PartName, { data }: Experiment): string {
  // Rows of weight 0 are as if they were not there.
  const weights = data.weight === undefined ? '' : ' (rows of weight 0 do not count)';
  if (part === 'train') return `bring more rows, or change data.where and the splits${weights}`;
  switch (splitKind(data[part]).kind) {
    case 'none':
    case 'share':
      return `make data.${part} larger, try another data.seed, or set data.${part} to 0`;
    case 'other':
      return 'take a larger fraction, or try another data.seed';
    case 'source':
    case 'condition':
      return `choose other rows for data.${part}, or set it to 0`;
  }
}

/**
 * Finds the first label of some rows (null: none has one), and counts those that have one until another label
 * follows.
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
