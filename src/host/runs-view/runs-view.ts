import * as vscode from 'vscode';
import { setContext } from '../contributions/editor-names.js';
import { t } from '../editor/localise.js';
import { isReadable, type HostRun, type RunCollection, type RunsChange } from '../runs/run-collection.js';
import { comparisonItem, comparisonTooltip, stateOfComparison } from './comparison-item.js';
import {
  ComparisonNode,
  ListNode,
  MoreNode,
  RowsNode,
  RunNode,
  GroupNode,
  ValueNode,
  type RunsNode,
} from './run-node.js';
import { groupItem, moreItem, rowsItem, runItem, valueItem } from './run-items.js';
import { RunsTree } from './runs-tree.js';
import { troublesText } from './troubles-text.js';
import { runTooltip } from './run-tooltip.js';
import {
  arrangeRuns,
  isFiltering,
  noFilter,
  restoreFilter,
  restoreGrouping,
  type RunArrangement,
} from './runs-arrangement.js';
import type { ViewId } from '../contributions/contributions.js';
import { Slices } from '../../run/files/slices.js';
import { isLive } from '../../shared/run/run-status.js';

const viewId: ViewId = 'mmoe.runs';
const storedAs = 'mmoe.runs.arrangement';
const initial: RunArrangement = { group: { by: 'experiment' }, order: { by: 'time' }, filter: noFilter };

/**
 * The “Runs” tree. It follows from the collection of runs, and from an arrangement that the workspace
 * remembers.
 */
export class RunsView implements vscode.TreeDataProvider<RunsNode>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<RunsNode | undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly view: vscode.TreeView<RunsNode>;
  private readonly subscriptions: vscode.Disposable[];
  private readonly tree = new RunsTree(
    ({ group }) => this.runs.names.stateOf(group.workspace, group.experimentFile),
    (run) => this.runs.names.short(run),
  );
  /** The shape of the tree as it was drawn last; null: all is to be drawn anew, whatever it is. */
  private drawnShape: number | null = 0;
  /** What is said beside each comparison, by the keys of its nodes. */
  private said = new Map<string, string>();
  private current: RunArrangement;
  /** One drawing at a time; what changes meanwhile is drawn by the next one. */
  private drawing: Promise<void> | null = null;
  private changed: Set<string> | null = null;
  /** Something has changed since the tree was made. */
  private isBehind = true;
  private disposed = false;
  /** How many runs the filter leaves. */
  private shownRuns = 0;

  /** The promise of `loaded` resolves when the collection is complete. */
  constructor(
    private readonly runs: RunCollection,
    private readonly memory: vscode.Memento,
    private readonly loaded: () => Promise<void>,
  ) {
    const kept = memory.get<Partial<RunArrangement>>(storedAs);
    this.current = {
      ...{ group: restoreGrouping(kept), order: kept?.order ?? initial.order },
      filter: restoreFilter(kept?.filter),
    };
    this.view = vscode.window.createTreeView(viewId, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.subscriptions = [this.view, this.changes, runs.onDidChange(({ changed }) => this.update(changed))];
    this.tellContext();
  }

  get arrangement(): RunArrangement {
    return this.current;
  }

  async arrange(change: Partial<RunArrangement>): Promise<void> {
    this.current = { ...this.current, ...change };
    this.tellContext();
    await this.rebuild();
    this.drawAll();
    await this.memory.update(storedAs, this.current);
  }

  /**
   * Shows what a filter leaves, while somebody types it; it is kept by `arrange`. Returns how many runs that
   * are.
   */
  async preview(filter: RunArrangement['filter']): Promise<number> {
    this.current = { ...this.current, filter };
    this.tellContext();
    await this.rebuild();
    this.drawAll();
    return this.shownRuns;
  }

  /** What is selected. */
  get selected(): readonly RunsNode[] {
    return this.view.selection;
  }

  /** The selected runs, and those of selected comparisons, each once. */
  get selection(): HostRun[] {
    const runs = this.view.selection.flatMap((node): readonly HostRun[] =>
      node instanceof RunNode ? [node.run] : node instanceof ComparisonNode ? node.comparison.runs : [],
    );
    return [...new Map(runs.map((run) => [run.entry.folder, run])).values()];
  }

  /** Returns the run that stands so many places below a run, whatever is folded; undefined: there is none. */
  async neighbour(runFolder: string, by: number): Promise<HostRun | undefined> {
    if (this.isBehind) await this.rebuild();
    const runs = this.tree.runs();
    const at = runs.findIndex(({ entry }) => entry.folder === runFolder);
    return at < 0 ? undefined : runs[at + by];
  }

  /** Selects a run in the tree, without taking the focus. */
  async reveal(runFolder: string): Promise<void> {
    if (!this.view.visible) return;
    await this.drawing;
    const { node, grown } = this.tree.unfold(runFolder);
    for (const list of grown) this.draw(list);
    if (node === undefined) return;
    // The tree may be about to be drawn anew, and may not know the item yet. That is not worth an error.
    await this.view.reveal(node, { select: true, focus: false }).then(undefined, () => undefined);
  }

  /** Shows more of the list with a key. */
  async showMore(key: unknown): Promise<void> {
    await this.drawing;
    const list = this.tree.list(String(key));
    if (list === undefined) return;
    this.tree.show(list, grown(list.shown));
    this.draw(list);
  }

  async getChildren(parent: RunsNode = this.tree.root): Promise<RunsNode[]> {
    if (!(parent instanceof ListNode)) return [];
    if (parent === this.tree.root) {
      await this.loaded();
      if (this.isBehind) await this.rebuild();
      if (this.drawnShape !== null) this.drawnShape = this.tree.shape;
    }
    return this.tree.childrenOf(parent);
  }

  getParent({ parent }: RunsNode): RunsNode | undefined {
    return parent === null || parent === this.tree.root ? undefined : parent;
  }

  getTreeItem(node: RunsNode): vscode.TreeItem {
    if (node instanceof MoreNode) return moreItem(node);
    if (node instanceof RunNode) return runItem(node, this.runs.names);
    if (node instanceof ComparisonNode)
      return comparisonItem(node, this.runs.names, isFiltering(this.current.filter));
    if (node instanceof RowsNode) return rowsItem(node);
    if (node instanceof GroupNode) return groupItem(node);
    if (node instanceof ValueNode) return valueItem(node);
    throw new Error('the root of the tree is no item');
  }

  /** Makes a tooltip when it is looked at. */
  resolveTreeItem(item: vscode.TreeItem, node: RunsNode): vscode.TreeItem {
    if (node instanceof RunNode && isReadable(node.run)) {
      const tooltip = new vscode.MarkdownString(runTooltip(node.run.entry, this.runs.names.full(node.run)));
      tooltip.supportThemeIcons = true;
      item.tooltip = tooltip;
    } else if (node instanceof ComparisonNode)
      item.tooltip = new vscode.MarkdownString(comparisonTooltip(node.comparison));
    return item;
  }

  private drawAll(): void {
    this.drawnShape = this.tree.shape;
    this.changes.fire(undefined);
  }

  private draw(list: ListNode): void {
    this.changes.fire(list === this.tree.root ? undefined : list);
  }

  /**
   * Draws items anew that only look different one by one, so that a training run does not redraw the tree
   * twice a second.
   */
  private update(changed: RunsChange['changed']): void {
    this.isBehind = true;
    const isWaiting = this.changed !== null;
    this.changed ??= new Set();
    // Of so many some are new, and all is drawn anew.
    for (const { run } of changed.slice(0, mostDrawn)) this.changed.add(run.entry.folder);
    if (changed.length > mostDrawn) this.drawnShape = null;
    if (!isWaiting) void this.drawChanged();
  }

  private async drawChanged(): Promise<void> {
    await this.drawing;
    const folders = this.changed ?? new Set<string>();
    this.changed = null;
    const { said: saidBefore } = this;
    await this.rebuild();
    if (this.disposed) return;
    if (this.tree.shape !== this.drawnShape) {
      this.drawAll();
      return;
    }
    // A list that is drawn anew draws what is below it.
    const drawn = new Set<ListNode>();
    for (const list of this.tree.allLists())
      if (list instanceof ComparisonNode && this.said.get(list.key) !== saidBefore.get(list.key)) {
        drawn.add(list);
        this.changes.fire(list);
      }
    for (const node of this.tree.nodes())
      if (
        (folders.has(node.run.entry.folder) || this.tree.marked.has(node)) &&
        (node.parent === null || !drawn.has(node.parent))
      )
        this.changes.fire(node);
  }

  private async rebuild(): Promise<void> {
    while (this.drawing !== null) await this.drawing;
    this.drawing = this.rebuildNow().finally(() => (this.drawing = null));
    await this.drawing;
  }

  private async rebuildNow(): Promise<void> {
    this.isBehind = false;
    const slices = new Slices();
    const { runs } = this.runs;
    const shown = await arrangeRuns(runs, this.current, (run) => this.runs.names.full(run), slices);
    if (this.disposed) return;
    await this.tree.build(shown, runs, this.current, slices);
    this.said = new Map(
      [...this.tree.allLists()].flatMap((list) =>
        list instanceof ComparisonNode ? [[list.key, stateOfComparison(list.comparison)]] : [],
      ),
    );
    this.shownRuns = shown.length;
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
    const message = troublesText(this.runs.troubles, runs.length);
    // Beside a message the view has no invitation to train the first run.
    if (this.view.message !== message) this.view.message = message;
    const { filter } = this.current;
    this.view.description = isFiltering(filter)
      ? t('{0} of {1}: {2}', shown, runs.length, filter.query)
      : undefined;
  }

  private tellContext(): void {
    void setContext('mmoe.runsFiltered', isFiltering(this.current.filter));
  }

  dispose(): void {
    this.disposed = true;
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

/** More items are not drawn one by one. */
const mostDrawn = 5000;

const grown = (shown: number): number => shown + 1000;
