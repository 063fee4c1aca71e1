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

export class GroupNode {
  children: RunNode[] = [];

  constructor(public group: RunGroup<HostRun>) {}
}

export type RunsNode = RunNode | GroupNode;
