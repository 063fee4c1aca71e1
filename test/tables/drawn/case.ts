import { numberOf } from '../expected/texts.js';
import { isUsedAlike } from '../expected/use.js';
import type { Cell, Column, Condition, Declared, Split, Table, Task } from '../table.js';
import type { Container } from '../written/container.js';
import { drawCells, typeOf, type DrawnColumn } from './cells.js';
import type { FeaturePlan, LabelPlan, PartitionPlan, Plan, SplitPlan } from './plan.js';

/** A table, and two containers to hold it: all of what a case of the test consists of. */
export interface Case {
  readonly table: Table;
  readonly containers: readonly Container[];
  readonly predicts: boolean;
}

/** Draws the values of a plan. */
export function caseOf(plan: Plan): Case {
  const { rows } = plan;
  const names = namesOf(plan);
  const validation = plan.validation.kind === 'other' && !holdsRows(plan.test) ? none : plan.validation;
  const test = plan.test.kind === 'other' && !holdsRows(validation) ? none : plan.test;
  const all = [validation, test].reduce((sum, one) => sum + (one.kind === 'source' ? one.rows : 0), rows);
  const columns: Column[] = [];
  const add = (drawn: DrawnColumn): Column => {
    const name = names[columns.length]!;
    const column = { name, type: typeOf(drawn.draw), cells: drawCells(drawn, rows, all) };
    columns.push(column);
    return column;
  };
  const declared = new Map<string, Declared>();
  for (const feature of plan.features) {
    const { name } = add(feature);
    const settings = declaredAs(feature, areDatesPlain(plan.containers));
    if (settings !== null) declared.set(name, settings);
  }
  const tasks = plan.labels.map((label) =>
    taskOf(label, add({ ...label, late: label.late && typeOf(label.draw).kind !== 'text' })),
  );
  const isMarked = [validation.kind, test.kind, plan.where].includes('marked');
  const marker = isMarked ? add({ draw: 'few whole', missing: 'some', late: false, seed: plan.seed }) : null;
  const markedBy = (mark: bigint): Condition => ({ column: marker!.name, test: '=', than: mark });
  const splitOf = (split: SplitPlan, mark: bigint): Split =>
    split.kind === 'marked' ? { kind: 'where', where: markedBy(mark) } : split;
  const weight = plan.weight === 'none' ? null : add(weightOf(plan)).name;
  const splitRows = [validation, test].map((one) => (one.kind === 'source' ? one.rows : 0));
  const folders = plan.partition === null ? null : partitionColumn(plan.partition, [rows, ...splitRows]);
  return {
    table: {
      columns: folders === null ? columns : [...columns, folders],
      partition: folders?.name ?? null,
      rows,
      declared,
      tasks,
      validation: splitOf(validation, 1n),
      test: splitOf(test, 2n),
      where:
        plan.where === 'marked'
          ? { column: marker!.name, test: '>', than: 0n }
          : plan.where === null
            ? null
            : { column: columns[0]!.name, test: 'is not null' },
      weight,
      seed: plan.seed,
    },
    containers: plan.containers.map((container) =>
      plan.partition === null
        ? { ...container, partitioned: false }
        : { ...container, ends: plan.partition.ends },
    ),
    predicts: plan.predicts,
  };
}

/** The name of the column of folders, which no other has. */
const folderName = 'folder';

/** Whether the names are those of a plan whose second column differs from the first by case alone. */
function namesOf({ names, sameButCase, containers }: Plan): readonly string[] {
  const [first = '', , ...rest] = names;
  const other = first.toUpperCase();
  const isFit = sameButCase && /^[a-z]/.test(first) && !names.includes(other);
  return isFit && containers.every(({ format }) => format !== 'parquet') ? [first, other, ...rest] : names;
}

/** `lengths`: how many rows each source has, one after the other. */
function partitionColumn({ kind, ends }: PartitionPlan, lengths: readonly number[]): Column {
  const valueOf = (part: number): Cell =>
    kind === 'whole' ? BigInt(part + 1) : kind === 'date' ? BigInt(18_000 + 40 * part) : `${'abcd'[part]!} ü`;
  const cells = lengths.flatMap((rows) => {
    const bounds = [...ends.map((end) => Math.round(end * rows)), rows];
    return Array.from({ length: rows }, (_, row) => valueOf(bounds.findIndex((bound) => row < bound)));
  });
  return { name: folderName, type: { kind }, cells };
}

/** Whether dates are written so everywhere that they are the same texts. */
const areDatesPlain = (containers: readonly Container[]): boolean =>
  containers.every((one) => one.format === 'parquet' || one.style.dates === 'iso');

const none = { kind: 'none' } as const;

const holdsRows = ({ kind }: SplitPlan): boolean => kind !== 'none' && kind !== 'other';

const weightOf = ({ weight, seed }: Plan): DrawnColumn => ({
  draw: weight === 'whole' ? 'few whole' : 'share',
  missing: 'none',
  late: false,
  seed,
});

/** What the experiment says of a feature; null: nothing. Some cannot be what was drawn. */
function declaredAs(feature: FeaturePlan, areDatesPlain: boolean): Declared | null {
  const { draw, declared, scale, minCount } = feature;
  switch (declared) {
    case 'no':
      return isUnclear(feature) ? { kind: 'categorical' } : null;
    case 'ignore':
      return 'ignore';
    case 'numeric':
      return typeOf(draw).kind === 'text' ? { kind: 'categorical' } : { kind: 'numeric', scale };
    case 'categorical':
      switch (typeOf(draw).kind) {
        case 'real':
        case 'decimal':
        case 'moment':
          return { kind: 'numeric', scale };
        case 'date':
          return areDatesPlain ? { kind: 'categorical' } : { kind: 'numeric', scale };
        case 'truth':
        case 'whole':
        case 'text':
          return { kind: 'categorical', ...(minCount !== null && { minCount }) };
      }
  }
}

/** Whether they are texts of which a text file does not say that they are no numbers, or too late. */
const isUnclear = ({ draw, late, missing }: FeaturePlan): boolean =>
  typeOf(draw).kind === 'text' && (draw === 'digits' || draw === 'signs' || (late && missing !== 'none'));

function taskOf(label: LabelPlan, { name, type, cells }: Column): Task {
  const common = { name: label.named ? `task ${label.seed}` : null, scale: 'standard' as const };
  if (label.asCondition) {
    const condition: Condition =
      type.kind === 'truth'
        ? { column: name, test: 'is true' }
        : type.kind === 'text'
          ? { column: name, test: '=', than: cells.find((cell) => cell !== null) ?? '' }
          : { column: name, test: '>', than: middleOf(cells) };
    return { ...common, label: condition, kind: label.says ? 'binary' : null };
  }
  const isNumber = type.kind === 'real' || label.draw === 'large whole';
  const kind = isNumber ? 'regression' : type.kind === 'truth' ? 'binary' : 'multiclass';
  const scale = label.says && isNumber ? label.scale : 'standard';
  return { ...common, label: name, kind: label.says ? kind : null, scale };
}

/**
 * Whether all containers say the same of a table: real numbers that happen to be whole, if only to a double, are
 * whole numbers in a text file, which may be used otherwise. And where the main source has no value in a column of
 * numbers, nobody knows whether a text in another one, such as false, is to be a number: text files are refused.
 */
export function isClear(table: Table): boolean {
  const { columns, rows, declared, tasks } = table;
  const seemWhole = columns.filter(
    (column) =>
      (column.type.kind === 'real' || column.type.kind === 'decimal') &&
      column.cells.slice(0, rows).every((cell) => cell === null || Number.isInteger(numberOf(cell, column))),
  );
  const isUnknown = columns.some(({ name, type, cells }) => {
    const said = declared.get(name);
    const areNumbers = typeof said === 'object' && said.kind === 'numeric';
    const isOther = ['truth', 'date', 'moment'].includes(type.kind);
    const isSeen = cells.slice(0, rows).some((cell) => cell !== null);
    return areNumbers && isOther && !isSeen && cells.some((cell) => cell !== null);
  });
  if (isUnknown) return false;
  return seemWhole.every(
    (column) =>
      (declared.has(column.name) || isUsedAlike(column, table)) &&
      tasks.every(({ label, kind }) => label !== column.name || kind !== null),
  );
}

/** A value of which some are above and some below. */
function middleOf(cells: readonly Cell[]): Cell {
  const known = cells.filter((cell) => typeof cell === 'bigint' || typeof cell === 'number');
  const sorted = [...known].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
  return sorted[Math.floor(sorted.length / 2)] ?? 0n;
}
