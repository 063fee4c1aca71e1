import type { HostRun } from '../runs/run-collection.js';
import type { RunGroup } from './runs-arrangement.js';

/** An item of the runs tree, which commands get as their argument. */
export class RunNode {
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
