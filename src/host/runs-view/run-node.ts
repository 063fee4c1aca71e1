import type { ComparedValue } from '../../shared/settings/run-settings.js';
import type { HostComparison } from '../runs/comparisons.js';
import type { HostRun } from '../runs/run-collection.js';
import type { RunGroup, ValueGrouping } from './runs-arrangement.js';

/** A run in the runs tree. Commands get it as their argument. */
export class RunNode {
  /** Its comparison has runs that are still to be trained, and none of them trains. */
  hasMissing = false;

  constructor(
    public run: HostRun,
    readonly parent: ListNode | null,
  ) {}
}

/** Entries that are shown of a long list before somebody asks for more. */
export const shownAtFirst = 200;

/** Which items a list has, but not what they look like. */
export interface Layout {
  readonly entries: readonly (HostRun | ListNode)[];
  /** How many runs the list has in all. */
  readonly runs: number;
  /** Changes with the names of runs, of which very many change at once. */
  readonly names: string;
}

/** What others stand below in the tree. */
export abstract class ListNode {
  /** Those that are shown; null: nobody has asked for them. */
  children: RunsNode[] | null = null;
  /** All that stand below it. */
  entries: readonly (HostRun | ListNode)[] = [];
  /** What was laid out last, to find whether its items have changed their places. */
  laidOut: Layout | null = null;
  /** How many entries are shown. */
  shown = shownAtFirst;

  /** `key`: unique in the tree. */
  constructor(
    readonly key: string,
    readonly parent: ListNode | null,
    /** All that the filter leaves, in their order. */
    public runs: readonly HostRun[],
  ) {}
}

/** The tree itself. */
export class RootNode extends ListNode {
  constructor() {
    super('', null, []);
  }
}

/** Runs of an experiment. */
export class GroupNode extends ListNode {
  constructor(
    key: string,
    parent: ListNode,
    public group: RunGroup<HostRun>,
  ) {
    super(key, parent, group.runs);
  }
}

/** Runs that have the same tags, or the same value of a setting. */
export class ValueNode extends ListNode {
  constructor(
    key: string,
    parent: ListNode,
    runs: readonly HostRun[],
    readonly by: ValueGrouping,
    /** Null: they have none. */
    readonly value: ComparedValue | null,
  ) {
    super(key, parent, runs);
  }
}

/** Runs that are judged by the same rows, where others of the list are judged by other ones. */
export class RowsNode extends ListNode {
  constructor(
    key: string,
    parent: ListNode,
    runs: readonly HostRun[],
    /** Says which rows these are. */
    readonly label: string,
  ) {
    super(key, parent, runs);
  }
}

/** Runs that one `mmoe compare` made. */
export class ComparisonNode extends ListNode {
  constructor(
    key: string,
    parent: ListNode,
    runs: readonly HostRun[],
    public comparison: HostComparison,
  ) {
    super(key, parent, runs);
  }
}

/** Stands below a list that is not shown whole; a click shows more. */
export class MoreNode {
  /** `hidden`: how many runs. */
  constructor(
    readonly parent: ListNode,
    public hidden: number,
  ) {}
}

/** Whether what stands in a list is below its experiment, so that it need not name it. */
export const isBelowExperiment = (list: ListNode | null): boolean =>
  list !== null && (list instanceof GroupNode || isBelowExperiment(list.parent));

export type RunsNode = RunNode | ListNode | MoreNode;
