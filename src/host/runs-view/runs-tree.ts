import { forEachInSlices, type Slices } from '../../run/files/slices.js';
import { comparisonsOf, missingOf, type HostComparison } from '../runs/comparisons.js';
import { isReadable, type HostRun } from '../runs/run-collection.js';
import { runsByRows } from '../runs/runs-by-rows.js';
import {
  ComparisonNode,
  GroupNode,
  ListNode,
  MoreNode,
  RootNode,
  RowsNode,
  RunNode,
  type RunsNode,
  ValueNode,
} from './run-node.js';
import {
  groupByExperiment,
  groupByValue,
  type RunArrangement,
  type RunGrouping,
  type ValueGrouping,
} from './runs-arrangement.js';

/**
 * The nodes of the runs tree: experiments, below them comparisons and single runs, in the order of each one's first
 * run; or what else a person groups runs by. Where runs are ranked by a metric, those that are judged by other rows stand apart. A node stays the same as
 * long as it has its place, so that the editor keeps what is selected and open.
 */
export class RunsTree {
  readonly root = new RootNode();
  private lists = new Map<string, ListNode>();
  private comparisons: ReadonlyMap<string, HostComparison> = new Map();
  /** The nodes whose comparison has got, or has no longer, runs that are missing, since the last time. */
  readonly marked = new Set<RunNode>();
  private changes = 0;

  /** `namesOf`: changes with the names of the runs in a group. `nameOf`: what a run is called that is in none. */
  constructor(
    private readonly namesOf: (group: GroupNode) => string = () => '',
    private readonly nameOf: (run: HostRun) => string = () => '',
  ) {}

  /** Grows when other items are shown, or in another order, but not when items only look different. */
  get shape(): number {
    return this.changes;
  }

  /** Makes the tree of the runs that are shown, in their order; `all` are the runs that are known. */
  async build(
    shown: readonly HostRun[],
    all: readonly HostRun[],
    { group, order }: RunArrangement,
    slices: Slices,
  ): Promise<void> {
    const known = this.lists;
    this.comparisons = await comparisonsOf(all, slices, this.comparisons);
    this.marked.clear();
    this.lists = new Map();
    this.root.runs = shown;
    const byRows: Level[] = order.by === 'metric' ? [rowsLevel] : [];
    await this.fill(this.root, this.levels(group, byRows), known, slices);
  }

  /** Returns what is shown of a list. Nodes of runs are made when somebody asks: most lists are folded. */
  childrenOf(list: ListNode): RunsNode[] {
    return list.children ?? this.draw(list);
  }

  private levels(group: RunGrouping, byRows: readonly Level[]): readonly Level[] {
    switch (group.by) {
      case 'experiment':
        return [experimentsLevel, ...byRows, comparisonsLevel(this.comparisons)];
      case 'comparison':
        return [...byRows, comparisonsLevel(this.comparisons)];
      case 'tags':
      case 'setting':
        return [valuesLevel(group), ...byRows];
      case 'nothing':
        return byRows;
    }
  }

  /** Shows more of a list. */
  show(list: ListNode, most: number): void {
    list.shown = most;
    this.draw(list);
  }

  /** Returns the list with a key. */
  list(key: string): ListNode | undefined {
    return key === '' ? this.root : this.lists.get(key);
  }

  /** All lists but the root, those above before those below them. */
  allLists(): Iterable<ListNode> {
    return this.lists.values();
  }

  /** Shows as much of the lists as a run needs to be seen; returns its node, and the lists that have grown. */
  unfold(runFolder: string): { readonly node: RunNode | undefined; readonly grown: readonly ListNode[] } {
    const grown: ListNode[] = [];
    let list: ListNode = this.root;
    for (;;) {
      const at = list.entries.findIndex((entry) =>
        runsOf(entry).some(({ entry: { folder } }) => folder === runFolder),
      );
      const entry = list.entries[at];
      if (entry === undefined) return { node: undefined, grown };
      if (at >= list.shown) {
        this.show(list, at + 1);
        grown.push(list);
      }
      const node = this.childrenOf(list)[at];
      if (!(entry instanceof ListNode)) return { node: node instanceof RunNode ? node : undefined, grown };
      list = entry;
    }
  }

  /** All runs in the order in which they stand in the tree, whatever is folded. */
  runs(): HostRun[] {
    const of = (list: ListNode): HostRun[] =>
      list.entries.flatMap((entry) => (entry instanceof ListNode ? of(entry) : [entry]));
    return of(this.root);
  }

  /** The runs that are shown, as far as somebody has asked for them. */
  *nodes(): Iterable<RunNode> {
    for (const { children } of [this.root, ...this.lists.values()])
      for (const node of children ?? []) if (node instanceof RunNode) yield node;
  }

  private async fill(
    list: ListNode,
    [level, ...below]: readonly Level[],
    known: ReadonlyMap<string, ListNode>,
    slices: Slices,
  ): Promise<void> {
    list.entries = level === undefined ? list.runs : await level(list, slices);
    if (level !== undefined && list.entries === list.runs) return this.fill(list, below, known, slices);
    list.entries = list.entries.map((entry) => {
      if (!(entry instanceof ListNode)) return entry;
      const node = takenOver(known.get(entry.key), entry);
      this.lists.set(node.key, node);
      return node;
    });
    for (const entry of list.entries)
      if (entry instanceof ListNode) {
        await this.fill(entry, entry instanceof ComparisonNode ? [] : below, known, slices);
        if (slices.isOver) await slices.next();
      }
    this.layOut(list);
    // The editor may draw single items of what it has asked for.
    if (list.children !== null) this.draw(list);
  }

  private layOut(list: ListNode): void {
    const { entries, runs, shown, laidOut } = list;
    const names =
      list instanceof GroupNode ? this.namesOf(list) : isNamedAlone(list) ? this.namesAlone(list) : '';
    const isSame =
      laidOut !== null &&
      laidOut.runs === runs.length &&
      laidOut.names === names &&
      laidOut.entries.length === entries.length &&
      entries.every((entry, at) => at >= shown || isSamePlace(entry, laidOut.entries[at]!));
    if (!isSame) this.changes++;
    list.laidOut = { entries, runs: runs.length, names };
  }

  private namesAlone(list: ListNode): string {
    const shown = list.entries.slice(0, list.shown);
    return shown.map((entry) => (entry instanceof ListNode ? '' : this.nameOf(entry))).join('\n');
  }

  private draw(list: ListNode): RunsNode[] {
    const known = new Map<string, RunNode>();
    for (const node of list.children ?? [])
      if (node instanceof RunNode) known.set(node.run.entry.folder, node);
    const hidden = list.entries.slice(list.shown).reduce((sum, entry) => sum + runsOf(entry).length, 0);
    const parent = list === this.root ? null : list;
    list.children = list.entries
      .slice(0, list.shown)
      .map((entry) =>
        entry instanceof ListNode
          ? entry
          : this.updated(known.get(entry.entry.folder) ?? new RunNode(entry, parent), entry),
      );
    if (hidden > 0) list.children.push(new MoreNode(list, hidden));
    return list.children;
  }

  private updated(node: RunNode, run: HostRun): RunNode {
    node.run = run;
    const id = isReadable(run) ? run.entry.manifest.comparison?.id : undefined;
    const comparison = id === undefined ? undefined : this.comparisons.get(id);
    const hasMissing = comparison !== undefined && missingOf(comparison) > 0;
    if (node.hasMissing !== hasMissing) this.marked.add(node);
    node.hasMissing = hasMissing;
    return node;
  }
}

const isSamePlace = (one: HostRun | ListNode, other: HostRun | ListNode): boolean =>
  one instanceof ListNode || other instanceof ListNode
    ? one === other
    : one.entry.folder === other.entry.folder;

/** Parts the runs of a list; its own runs: they are not parted. */
type Level = (list: ListNode, slices: Slices) => Promise<readonly (HostRun | ListNode)[]>;

const experimentsLevel: Level = async (list, slices) =>
  (await groupByExperiment(list.runs, slices)).map(
    (group) => new GroupNode(`group\n${group.key}`, list, group),
  );

const valuesLevel =
  (by: ValueGrouping): Level =>
  async (list, slices) =>
    (await groupByValue(list.runs, by, slices)).map(
      ({ runs, value }) => new ValueNode(`value\n${JSON.stringify([by, value])}`, list, runs, by, value),
    );

const rowsLevel: Level = async (list, slices) => {
  const parts = await runsByRows(list.runs, slices);
  return parts.length < 2
    ? list.runs
    : parts.map(
        ({ runs, label }, index) => new RowsNode(`${list.key}\nrows\n${index} ${label}`, list, runs, label),
      );
};

const comparisonsLevel =
  (comparisons: ReadonlyMap<string, HostComparison>): Level =>
  async (list, slices) => {
    const entries: (HostRun | ComparisonNode)[] = [];
    const found = new Map<string, HostRun[]>();
    await forEachInSlices(list.runs, slices, (run) => {
      const id = isReadable(run) ? run.entry.manifest.comparison?.id : undefined;
      const comparison = id === undefined ? undefined : comparisons.get(id);
      if (comparison === undefined) {
        entries.push(run);
        return;
      }
      const known = found.get(comparison.id);
      if (known !== undefined) {
        known.push(run);
        return;
      }
      const runs = [run];
      found.set(comparison.id, runs);
      entries.push(new ComparisonNode(`${list.key}\ncomparison\n${comparison.id}`, list, runs, comparison));
    });
    return found.size === 0 ? list.runs : entries;
  };

/** Whether the names of a list's runs follow from the runs of each one's experiment, which is not above them. */
const isNamedAlone = (list: ListNode): boolean =>
  !(list instanceof GroupNode || list instanceof ComparisonNode) &&
  (list.parent === null || isNamedAlone(list.parent));

const runsOf = (entry: HostRun | ListNode): readonly HostRun[] =>
  entry instanceof ListNode ? entry.runs : [entry];

/** Returns the node that stood there before, if it is of the kind, with what the new one holds. */
function takenOver(before: ListNode | undefined, now: ListNode): ListNode {
  if (before === undefined || before.parent !== now.parent) return now;
  before.runs = now.runs;
  if (before instanceof GroupNode && now instanceof GroupNode) before.group = now.group;
  if (before instanceof ComparisonNode && now instanceof ComparisonNode) before.comparison = now.comparison;
  return before;
}
