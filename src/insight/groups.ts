import type { TaskKind } from '../shared/task-kinds.js';

export interface GroupedTask {
  readonly name: string;
  readonly kind: TaskKind;
  /** Class names in index order; null: their numbers. */
  readonly classes: readonly string[] | null;
  /** Regression: label in its own units = value · factor + offset. */
  readonly offset: number;
  readonly factor: number;
}

/**
 * Groups of rows whose routes are looked at apart; the first is all rows, the others go by one task's label.
 */
export interface Grouping {
  readonly groups: readonly {
    readonly where: { readonly task: string; readonly label: string } | null;
    readonly rows: number;
  }[];
  /** A group's rows are those of its cells, which all lie in one partition. */
  readonly partitions: readonly Partition[];
}

/** Cells without overlap, so that each row is counted once for all the groups that it is in. */
export interface Partition {
  /** [rows] */
  readonly cellOf: Int32Array;
  /** Per cell: the groups that have it. */
  readonly groupsOf: readonly (readonly number[])[];
}

/** Only the most frequent classes of a task are looked at. */
const classLimit = 10;
/** More cells than this in one partition would take more memory than they save time. */
const cellLimit = 64;

/**
 * `labels`: per task [rows], as EncodedRows has them. Binary and multiclass rows are grouped by class,
 * regression rows by whether their label lies above the median of these rows. Groups without a row are left
 * out.
 */
export function groupRows(labels: readonly Float32Array[], tasks: readonly GroupedTask[]): Grouping {
  const rows = labels[0]?.length ?? 0;
  const groups: { where: { task: string; label: string } | null; rows: number }[] = [{ where: null, rows }];
  const memberships = tasks.map((task, k) => {
    const taskLabels = labels[k]!;
    const { classOf, names } = classesOf(task, taskLabels);
    const counts = new Map<number, number>();
    for (let row = 0; row < rows; row++) {
      const label = taskLabels[row]!;
      if (!Number.isNaN(label)) counts.set(classOf(label), (counts.get(classOf(label)) ?? 0) + 1);
    }
    const frequent = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, classLimit);
    const groupOf = new Map<number, number>();
    for (const [index, count] of frequent.sort((a, b) => a[0] - b[0])) {
      groupOf.set(index, groups.length);
      groups.push({ where: { task: task.name, label: names?.[index] ?? String(index) }, rows: count });
    }
    // Not Int32Array.from, which makes a list of all rows first.
    return new Int32Array(rows).map((_, row) => groupOf.get(classOf(taskLabels[row]!)) ?? 0);
  });
  return { groups, partitions: partitionsOf(rows, memberships) };
}

/**
 * `memberships`: per task [rows], the row's group, 0 where it has none. As few partitions as their limit
 * allows.
 */
function partitionsOf(rows: number, memberships: readonly Int32Array[]): Partition[] {
  const partitions: Partition[] = [{ cellOf: new Int32Array(rows), groupsOf: [[0]] }];
  for (const membership of memberships) {
    const refined = refine(partitions.at(-1)!, membership);
    if (refined.groupsOf.length <= cellLimit) partitions[partitions.length - 1] = refined;
    else partitions.push(refine({ cellOf: new Int32Array(rows), groupsOf: [[]] }, membership));
  }
  return partitions;
}

function refine({ cellOf, groupsOf }: Partition, membership: Int32Array): Partition {
  const cells = new Map<number, number>();
  const groups = membership.reduce((most, group) => Math.max(most, group), 0) + 1;
  const refined: number[][] = [];
  const refinedOf = cellOf.map((cell, row) => {
    const group = membership[row]!;
    const key = cell * groups + group;
    const known = cells.get(key);
    if (known !== undefined) return known;
    cells.set(key, refined.length);
    return refined.push(group > 0 ? [...groupsOf[cell]!, group] : [...groupsOf[cell]!]) - 1;
  });
  return { cellOf: refinedOf, groupsOf: refined };
}

interface LabelClasses {
  /** Returns the class of a label; NaN: the label is not known. */
  readonly classOf: (label: number) => number;
  readonly names: readonly string[] | null;
}

function classesOf(task: GroupedTask, labels: Float32Array): LabelClasses {
  switch (task.kind) {
    case 'binary':
    case 'multiclass':
      return { classOf: (label) => label, names: task.classes };
    case 'regression':
      return halves(task, labels);
  }
}

/** Puts labels of at most the median into class 0, those above it into class 1. */
function halves(task: GroupedTask, labels: Float32Array): LabelClasses {
  const sorted = labels.filter((label) => !Number.isNaN(label)).sort();
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
  const inUnits = String(Number((median * task.factor + task.offset).toPrecision(4)));
  return {
    classOf: (label) => (Number.isNaN(label) ? NaN : label > median ? 1 : 0),
    names: [`at most ${inUnits}`, `above ${inUnits}`],
  };
}
