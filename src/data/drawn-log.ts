import type { Experiment, Simulator } from '../experiment/schema.js';
import { scaleParts } from '../experiment/schema/columns.js';
import type { Decided } from './decide/data-plan.js';
import { inferColumn } from './decide/infer.js';
import {
  planDeclared,
  planInferred,
  planOutcome,
  whyUsed,
  type PlannedColumn,
} from './decide/plan-columns.js';
import type { ColumnsInMemory, SelectionRows } from './gather/selection-rows.js';
import { asksNoSql, type DrawnRows } from './drawn-rows.js';
import { sourceKind } from './read/source-kind.js';
import { featureNames, isOutcome, loggedRows, outcomes, textNames } from './simulate/recommender-rows.js';
import { RecommenderWorld } from './simulate/recommender-world.js';
import { simulatorProblem, simulatorTitle } from './simulate/simulator-table.js';
import { shownColumns } from './simulated-visits.js';

/**
 * Draws the log of an experiment on a simulated recommender, and decides about it, without a database: the same
 * rows, encoded to the same bits. Null: the data is something else, or the experiment asks something of it in SQL.
 * Throws an InputError, before any row is drawn, where it does not fit into memory.
 */
export function drawnLog(experiment: Experiment): DrawnRows | null {
  const source = sourceKind(experiment.data.source);
  if (source.kind !== 'simulator' || !isPlain(experiment, source.settings)) return null;
  const problem = simulatorProblem(source.settings);
  if (problem !== null) throw problem;
  const world = new RecommenderWorld(source.settings);
  const log = loggedRows(world, 0, source.settings.rows);
  const { tasks } = experiment;
  // Labels of one value are told of as those of tables are.
  if (!(['click', 'like'] as const).every((name) => hasBoth(log[name]))) return null;
  const raw = shownColumns(world, log);
  const columns = columnsIn(raw);
  const plan: Decided = {
    selections: [{ table: { title: simulatorTitle(source.settings), notes: [] } }],
    ownSelection: { validation: null, test: null },
    columns: columns.map((column) => planColumn(column, raw, experiment)),
    labels: tasks.map(({ name, label }, index) => ({
      name: name ?? label,
      path: ['tasks', index, 'label'],
      ...(label === 'dwell'
        ? ({ kind: 'regression', classes: null } as const)
        : ({ kind: 'binary', classes: ['0', '1'] } as const)),
    })),
    teachers: tasks.map(() => null),
    unweighted: 0,
    notes: [],
  };
  const selection: SelectionRows = {
    rows: log.rows,
    blocks: [raw],
    labels: tasks.map(({ label }) => log[outcomes.find((one) => one === label)!]),
    teachers: tasks.map(() => null),
    weights: null,
    flags: { validation: null, test: null },
  };
  return { plan, selections: [selection] };
}

/** Whether nothing is asked in SQL, each label is an outcome of the kind that it has, and each column is there. */
function isPlain(experiment: Experiment, { rows, features }: Simulator): boolean {
  const names = ['day', ...textNames, ...featureNames({ features })];
  return (
    rows >= fewestRows &&
    asksNoSql(experiment) &&
    experiment.tasks.every(
      ({ label, kind }) =>
        isOutcome(label) && [undefined, label === 'dwell' ? 'regression' : 'binary'].includes(kind),
    ) &&
    Object.entries(experiment.columns).every(
      ([name, declared]) =>
        names.includes(name) && (declared === 'ignore' || (declared.kind === 'categorical') === isText(name)),
    )
  );
}

/** Fewer rows could have another text in nearly every row, or labels of one value. */
const fewestRows = 100;

const isText = (name: string): boolean => textNames.some((one) => one === name);
const hasBoth = (values: Float64Array): boolean => values.includes(0) && values.includes(1);

interface Column {
  readonly name: string;
  readonly type: string;
}

/** The columns of a log, in the order of its table. */
function columnsIn({ numbers, texts }: ColumnsInMemory): Column[] {
  const [day, ...features] = numbers.keys();
  const named = (type: string, names: Iterable<string>) => [...names].map((name) => ({ name, type }));
  return [
    ...named('DOUBLE', [day!]),
    ...named('VARCHAR', texts.keys()),
    ...named('DOUBLE', [...features, ...outcomes]),
  ];
}

/** Decides what a column is for, as it is decided of a table's. */
function planColumn(
  column: Column,
  { rows, texts }: ColumnsInMemory,
  { columns, tasks, data, defaults }: Experiment,
): PlannedColumn {
  const { name } = column;
  const newer = defaults === 2;
  const standard = data.scale === undefined && newer ? null : scaleParts(data.scale ?? 'standard');
  const declared = columns[name];
  if (declared !== undefined) return planDeclared(column, declared, standard);
  if (tasks.some(({ label }) => label === name)) return { ...column, use: 'label', why: whyUsed.label };
  if (isOutcome(name)) return planOutcome(column);
  const codes = texts.get(name)?.codes;
  const facts = {
    ...column,
    ...{ rows, present: rows, distinct: codes === undefined ? null : new Set(codes).size },
    // Numbers are drawn anew in each row, and no text is a number.
    ...{
      min: '0',
      max: '1',
      whole: false,
      fitsDouble: false,
      numericTexts: 0,
      paddedTexts: 0,
      countsUp: false,
    },
  };
  return planInferred(column, inferColumn(facts, newer), standard);
}
