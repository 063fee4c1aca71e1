import type { Experiment, Synthetic } from '../experiment/schema.js';
import type { Decided } from './decide/data-plan.js';
import { planSynthetic, whyUsed, type PlannedColumn } from './decide/plan-columns.js';
import type { SelectionRows } from './gather/selection-rows.js';
import { sourceKind, splitKind } from './read/source-kind.js';
import { generateSynthetic } from './simulate/synthetic.js';
import { inputNames, labelNames, syntheticProblem, syntheticTitle } from './simulate/synthetic-table.js';

/** Rows that were drawn, and what was decided about them. */
export interface DrawnRows {
  readonly plan: Decided;
  readonly selections: SelectionRows[];
}

/**
 * Draws the rows of an experiment on the paper's synthetic data, and decides about them, without a database:
 * the same rows, encoded to the same bits, in a fraction of the time. Null: the data is something else, or the
 * experiment asks something of it in SQL. Throws an InputError, before any row is drawn, where they do not fit
 * into memory.
 */
export function drawnRows(experiment: Experiment): DrawnRows | null {
  const settings = plainSettings(experiment);
  if (settings === null) return null;
  const tooLarge = syntheticProblem(settings);
  if (tooLarge !== null) throw tooLarge;
  const { rows, inputs, labels } = generateSynthetic(settings);
  const names = labelNames(settings);
  const { tasks } = experiment;
  const columns = [...inputNames(settings), ...names].map((name): PlannedColumn => {
    const column = { name, type: 'DOUBLE' };
    const isLabel = tasks.some(({ label }) => label === name);
    return isLabel ? { ...column, use: 'label', why: whyUsed.label } : planSynthetic(column);
  });
  const plan: Decided = {
    selections: [{ table: { title: syntheticTitle(settings), notes: [] } }],
    ownSelection: { validation: null, test: null },
    columns,
    labels: tasks.map(({ name, label }, index) => ({
      name: name ?? label,
      path: ['tasks', index, 'label'],
      kind: 'regression',
      classes: null,
    })),
    teachers: tasks.map(() => null),
    unweighted: 0,
    notes: [],
  };
  const numbers = new Map(inputNames(settings).map((name, i) => [name, inputs[i]!]));
  const block = { rows, numbers, texts: new Map<string, never>(), free: () => undefined };
  const selection: SelectionRows = {
    rows,
    blocks: [block],
    labels: tasks.map(({ label }) => labels[names.indexOf(label)]!),
    teachers: tasks.map(() => null),
    weights: null,
    flags: { validation: null, test: null },
  };
  return { plan, selections: [selection] };
}

/** Fewer rows could have labels of few values, which are classes. */
const fewestRows = 100;

/** Whether nothing is asked of an experiment's rows in SQL but what its columns and labels are. */
export const asksNoSql = ({ data, tasks }: Experiment): boolean =>
  data.where === undefined &&
  data.weight === undefined &&
  data.read === undefined &&
  [data.validation, data.test].every((split) => ['none', 'share', 'other'].includes(splitKind(split).kind)) &&
  tasks.every(({ positive, teacher }) => positive === undefined && teacher === undefined);

/** Returns the settings of synthetic data of which nothing is asked in SQL; null: there is more to it. */
function plainSettings(experiment: Experiment): Synthetic | null {
  const { data, tasks, columns } = experiment;
  const source = sourceKind(data.source);
  if (source.kind !== 'synthetic') return null;
  const { settings } = source;
  const names = labelNames(settings);
  const isPlain =
    asksNoSql(experiment) &&
    settings.rows >= fewestRows &&
    settings.noise > 0 &&
    Object.keys(columns).length === 0 &&
    tasks.every(({ label, kind }) => names.includes(label) && (kind === undefined || kind === 'regression'));
  return isPlain ? settings : null;
}
