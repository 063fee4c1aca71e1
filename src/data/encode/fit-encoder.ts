import { chosenScale } from '../../experiment/chosen-defaults.js';
import type { Experiment } from '../../experiment/schema.js';
import { scaleParts } from '../../experiment/schema/columns.js';
import { formatCount } from '../../shared/numbers.js';
import type { Decided } from '../decide/data-plan.js';
import { declaredWhy, type PlannedColumn } from '../decide/plan-columns.js';
import { byBlock, type RowsInBlock, type SelectionRows } from '../gather/selection-rows.js';
import { carriedEncoder } from './carried.js';
import { failOnOneLabel } from './check-labels.js';
import type { Encoder } from './encoder.js';
import { fitColumns, type FittedColumns, type ScaledColumn } from './fit-columns.js';
import { fitTask } from './fit-task.js';
import { splitParts, type Parts } from './split-parts.js';

export interface FitOptions {
  readonly mostAtOnce?: number;
  /** The encoder whose columns and tasks are encoded as there. */
  readonly earlier?: Encoder | undefined;
}

/** Rows with what is needed to encode them. */
export interface Fitted {
  readonly encoder: Encoder;
  /** What became of the values of columns that have too many. */
  readonly vocabularies: FittedColumns['vocabularies'];
  readonly parts: Parts;
  /** By task: the share of its teacher in what training rows are taught; 0: it has none. */
  readonly teaching: readonly number[];
  /** Warnings for people. */
  readonly warnings: readonly string[];
}

/**
 * Gives the rows to training, validation and test, and learns from the training rows how to encode all.
 * Throws an ExperimentError for a part in which there is nothing to learn or measure. `mostAtOnce`: so many numbers
 * are sorted at most, evenly from all rows; it is 1 or more.
 */
export function fitEncoder(
  plan: Decided,
  selections: readonly SelectionRows[],
  experiment: Experiment,
  { mostAtOnce = Infinity, earlier }: FitOptions = {},
): Fitted {
  const { parts, warnings } = splitParts(plan, selections, experiment);
  failOnOneLabel(plan, selections, parts, experiment);
  const { blocks, labels } = selections[0]!;
  const { rows } = parts.train;
  const scratch = new Float64Array(Math.min(rows.length, mostAtOnce));
  const labelsOfRows = plan.labels.map(({ classes }, task) => ({
    classes: classes?.length ?? null,
    values: labels[task]!,
  }));
  const planned = withScales(plan.columns, experiment, rows.length);
  const { vocabularies, ...columns } = fitColumns(planned, blocks, rows, scratch, labelsOfRows);
  const tasks = plan.labels.map((label, index) =>
    fitTask(label, limitedTask(experiment, index), labels[index]!, rows, scratch),
  );
  const encoder: Encoder = { format: 1, ...columns, tasks };
  return {
    encoder: earlier === undefined ? encoder : carriedEncoder(encoder, earlier),
    vocabularies,
    parts,
    teaching: plan.teachers.map((teacher) => teacher?.weight ?? 0),
    warnings: [
      ...notesOn(plan),
      ...unweightedWarning(plan.unweighted),
      ...warnings,
      ...constantWarnings(columns.categorical, blocks, rows),
      ...leftOutWarnings(plan.columns),
    ],
  };
}

/** Returns the columns with the scale that is chosen for numbers of which none is written. */
export function withScales(
  columns: readonly PlannedColumn[],
  experiment: Experiment,
  rows: number,
): ScaledColumn[] {
  const numeric = columns.filter(({ use }) => use === 'numeric').length;
  const chosen = scaleParts(chosenScale(experiment, { rows, numeric }));
  return columns.map((column) =>
    column.use === 'numeric' ? { ...column, scale: column.scale ?? chosen } : column,
  );
}

function limitedTask({ tasks, defaults }: Experiment, index: number) {
  const task = tasks[index]!;
  return { ...task, limit: task.limit ?? (defaults === 1 ? 'none' : 0) };
}

function unweightedWarning(rows: number): string[] {
  if (rows === 0) return [];
  const [have, are] = rows === 1 ? ['row has', 'is'] : ['rows have', 'are'];
  return [`${formatCount(rows)} ${have} a weight of 0, and ${are} left out of everything`];
}

/** Returns what was found out about tables and columns, each thing once. */
const notesOn = ({ selections, notes }: Decided): string[] => [
  ...new Set([...selections.flatMap(({ table }) => table.notes), ...notes]),
];

function hasOnly(
  code: number,
  name: string,
  { block, first, from, to }: RowsInBlock,
  rows: Uint32Array,
): boolean {
  const { codes } = block.texts.get(name)!;
  for (let at = from; at < to; at++) if (codes[rows[at]! - first] !== code) return false;
  return true;
}

/** Names the columns of texts that have one value in all training rows, and others elsewhere. */
function constantWarnings(
  columns: FittedColumns['categorical'],
  blocks: SelectionRows['blocks'],
  rows: Uint32Array,
): string[] {
  const places = [...byBlock(blocks, rows)];
  return columns
    .filter(({ name, values, hash, set }) => {
      if (values.length !== 1 || hash !== undefined || set !== undefined) return false;
      const own = places[0]?.block.texts.get(name)!.codes[rows[0]! - places[0].first] ?? 0;
      return own !== 0 && places.every((place) => hasOnly(own, name, place, rows));
    })
    .map(({ name, values }) => {
      const value = JSON.stringify(values.at(0));
      return `column "${name}" has the same value in all training rows (${value}), so nothing is learned of it`;
    });
}

/** Names the columns that are left out although the experiment does not say so. */
const leftOutWarnings = (columns: readonly PlannedColumn[]): string[] =>
  columns
    .filter(({ use, why }) => use === 'ignored' && why !== declaredWhy)
    .map(({ name, why }) => `column "${name}" is left out: ${why}`);
