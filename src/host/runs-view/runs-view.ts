import * as vscode from 'vscode';
import { setContext } from '../contributions/editor-names.js';
import { t } from '../editor/localise.js';
import { isReadable, type HostRun, type RunCollection } from '../runs/run-collection.js';
import { GroupNode, RunNode, type RunsNode } from './run-node.js';
import { runItem, groupItem } from './run-items.js';
import { runTooltip } from './run-tooltip.js';
import {
  arrangeRuns,
  filterText,
  groupByExperiment,
  isFiltering,
  noFilter,
  type RunArrangement,
} from './runs-arrangement.js';
import { unfinishedComparisons } from '../runs/unfinished-comparisons.js';
import type { ViewId } from '../contributions/contributions.js';
import { isLive } from '../../shared/run/run-status.js';

const viewId: ViewId = 'mmoe.runs';
const storedAs = 'mmoe.runs.arrangement';
const initial: RunArrangement = { grouped: true, order: { by: 'time' }, filter: noFilter };

/**
 * The “Runs” tree. It follows from the collection of runs, and from an arrangement that the workspace
 * remembers.
 */
export class RunsView implements vscode.TreeDataProvider<RunsNode>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<RunsNode | undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly view: vscode.TreeView<RunsNode>;
  private readonly subscriptions: vscode.Disposable[];
  private roots: RunsNode[] = [];
  /** Tells which items stand where, but not what they look like. */
  private shape = '';
  /** The nodes whose comparison has got, or has no longer, runs that are missing, since the last drawing. */
  private marked = new Set<RunNode>();
  private current: RunArrangement;

  /** The promise of `loaded` resolves when the collection is complete. */
  constructor(
    private readonly runs: RunCollection,
    private readonly memory: vscode.Memento,
    private readonly loaded: () => Promise<void>,
  ) {
    this.current = { ...initial, ...memory.get<Partial<RunArrangement>>(storedAs) };
    this.view = vscode.window.createTreeView(viewId, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.subscriptions = [
      this.view,
      this.changes,
      runs.onDidChange(({ changed }) => this.update(changed.map(({ run }) => run))),
    ];
    this.tellContext();
  }

  get arrangement(): RunArrangement {
    return this.current;
  }

  async arrange(change: Partial<RunArrangement>): Promise<void> {
    this.current = { ...this.current, ...change };
    this.tellContext();
    this.rebuild();
    this.changes.fire(undefined);
    await this.memory.update(storedAs, this.current);
  }

  /** The selected runs, in the order shown. */
  get selection(): HostRun[] {
    return this.view.selection.flatMap((node) => (node instanceof RunNode ? [node.run] : []));
  }

  /** Selects a run in the tree, without taking the focus. */
  async reveal(runFolder: string): Promise<void> {
    const node = this.nodes().find((one) => one.run.entry.folder === runFolder);
    if (node === undefined || !this.view.visible) return;
    // The tree may be about to be drawn anew, and may not know the item yet. That is not worth an error.
    await this.view.reveal(node, { select: true, focus: false }).then(undefined, () => undefined);
  }

  async getChildren(parent?: RunsNode): Promise<RunsNode[]> {
    if (parent instanceof GroupNode) return parent.children;
    if (parent !== undefined) return [];
    await this.loaded();
    this.rebuild();
    return this.roots;
  }

  getParent(node: RunsNode): RunsNode | undefined {
    return node instanceof RunNode ? (node.group ?? undefined) : undefined;
  }

  getTreeItem(node: RunsNode): vscode.TreeItem {
    return node instanceof RunNode ? runItem(node) : groupItem(node);
  }

  /** Makes a tooltip when it is looked at. */
  resolveTreeItem(item: vscode.TreeItem, node: RunsNode): vscode.TreeItem {
    if (node instanceof RunNode && isReadable(node.run)) {
      const tooltip = new vscode.MarkdownString(runTooltip(node.run.entry));
      tooltip.supportThemeIcons = true;
      item.tooltip = tooltip;
    }
    return item;
  }

  private nodes(): RunNode[] {
    return this.roots.flatMap((node) => (node instanceof RunNode ? [node] : node.children));
  }

  /**
   * Draws items anew that only look different one by one, so that a training run does not redraw the tree
   * twice a second.
   */
  private update(changed: readonly HostRun[]): void {
    const before = this.shape;
    this.rebuild();
    if (this.shape !== before) {
      this.changes.fire(undefined);
      return;
    }
    const folders = new Set(changed.map((run) => run.entry.folder));
    for (const node of this.nodes())
      if (folders.has(node.run.entry.folder) || this.marked.has(node)) this.changes.fire(node);
  }

  private rebuild(): void {
    const runs = this.runs.runs;
    const shown = arrangeRuns(runs, this.current);
    const known = new Map(
      this.nodes().map((node) => [`${node.group?.group.key ?? ''}\n${node.run.entry.folder}`, node]),
    );
    const knownGroups = new Map(
      this.roots.flatMap((node) => (node instanceof GroupNode ? [[node.group.key, node]] : [])),
    );
    const unfinished = unfinishedComparisons(runs);
    this.marked = new Set();
    const nodeOf = (run: HostRun, group: GroupNode | null): RunNode => {
      const node = known.get(`${group?.group.key ?? ''}\n${run.entry.folder}`) ?? new RunNode(run, group);
      node.run = run;
      const hasMissing =
        isReadable(run) && run.entry.manifest.comparison !== null
          ? unfinished.has(run.entry.manifest.comparison.id)
          : false;
      if (node.hasMissing !== hasMissing) this.marked.add(node);
      node.hasMissing = hasMissing;
      return node;
    };
    if (this.current.grouped) {
      this.roots = groupByExperiment(shown).map((group) => {
        const node = knownGroups.get(group.key) ?? new GroupNode(group);
        node.group = group;
        node.children = group.runs.map((run) => nodeOf(run, node));
        return node;
      });
    } else this.roots = shown.map((run) => nodeOf(run, null));
    this.shape = this.roots
      .map((node) =>
        node instanceof RunNode
          ? node.run.entry.folder
          : [node.group.key, ...node.children.map((child) => child.run.entry.id)].join('\n'),
      )
      .join('\n\n');
    this.describe(runs, shown.length);
  }

  private describe(runs: readonly HostRun[], shown: number): void {
    const live = runs.filter(({ entry }) => entry.state === 'ok' && isLive(entry)).length;
    this.view.badge =
      live === 0
        ? undefined
        : {
            value: live,
            tooltip: live === 1 ? t('1 run is training') : t('{0} runs are training', live),
          };
    const { filter } = this.current;
    this.view.description = isFiltering(filter)
      ? t('{0} of {1}: {2}', shown, runs.length, filterText(filter))
      : undefined;
  }

  private tellContext(): void {
    void setContext('mmoe.runsGrouped', this.current.grouped);
    void setContext('mmoe.runsFiltered', isFiltering(this.current.filter));
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
