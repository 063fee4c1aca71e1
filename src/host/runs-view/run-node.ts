import type { HostRun } from '../runs/run-collection.js';
import type { RunGroup } from './runs-arrangement.js';

/** A run in the runs tree. Commands get it as their argument. */
export class RunNode {
  /** Its comparison has runs that are still to be trained, and none of them trains. */
  hasMissing = false;

  constructor(
    public run: HostRun,
    readonly group: GroupNode | null,
  ) {}
}

/** Runs that are shown of a long list before somebody asks for more. */
export const shownAtFirst = 200;

export class GroupNode {
  /** Those that are shown. */
  children: (RunNode | MoreNode)[] = [];
  /** How many runs are shown. */
  shown = shownAtFirst;

  constructor(public group: RunGroup<HostRun>) {}
}

/** Stands below the runs of a list that is not shown whole; a click shows more. */
export class MoreNode {
  constructor(
    readonly group: GroupNode | null,
    public hidden: number,
  ) {}
}

export type RunsNode = RunNode | GroupNode | MoreNode;
