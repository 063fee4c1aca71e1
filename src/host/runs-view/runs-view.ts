import * as vscode from 'vscode';
import { setContext } from '../contributions/editor-names.js';
import { t } from '../editor/localise.js';
import { isReadable, type HostRun, type RunCollection, type RunsChange } from '../runs/run-collection.js';
import { GroupNode, MoreNode, RunNode, shownAtFirst, type RunsNode } from './run-node.js';
import { groupItem, moreItem, runItem } from './run-items.js';
import { troublesText } from './troubles-text.js';
import { runTooltip } from './run-tooltip.js';
import {
  arrangeRuns,
  groupByExperiment,
  isFiltering,
  noFilter,
  restoreFilter,
  type RunArrangement,
} from './runs-arrangement.js';
import { unfinishedComparisons } from '../runs/unfinished-comparisons.js';
import type { ViewId } from '../contributions/contributions.js';
import { Slices } from '../../run/store/slices.js';
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
  /** How many runs of the flat list are shown. */
  private shownFlat = shownAtFirst;
  /** One drawing at a time; what changes meanwhile is drawn by the next one. */
  private drawing: Promise<void> | null = null;
  private changed: Set<string> | null = null;
  /** Something has changed since the tree was made. */
  private isBehind = true;
  /** All runs of the flat list, the hidden ones, too. */
  private flat: readonly HostRun[] = [];
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
    this.current = { ...initial, ...kept, filter: restoreFilter(kept?.filter) };
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
    this.changes.fire(undefined);
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
    this.changes.fire(undefined);
    return this.shownRuns;
  }

  /** The selected runs, in the order shown. */
  get selection(): HostRun[] {
    return this.view.selection.flatMap((node) => (node instanceof RunNode ? [node.run] : []));
  }

  /** Selects a run in the tree, without taking the focus. */
  async reveal(runFolder: string): Promise<void> {
    if (!this.view.visible) return;
    await this.unfold(runFolder);
    const node = this.nodes().find((one) => one.run.entry.folder === runFolder);
    if (node === undefined) return;
    // The tree may be about to be drawn anew, and may not know the item yet. That is not worth an error.
    await this.view.reveal(node, { select: true, focus: false }).then(undefined, () => undefined);
  }

  /** Shows more of a list; `key`: of a group, null: of the flat list. */
  async showMore(key: unknown): Promise<void> {
    const group = this.roots.find((node) => node instanceof GroupNode && node.group.key === key);
    if (group instanceof GroupNode) group.shown = grown(group.shown);
    else this.shownFlat = grown(this.shownFlat);
    await this.rebuild();
    this.changes.fire(group);
  }

  /** Shows as much of a list as a run needs to be in it. */
  private async unfold(runFolder: string): Promise<void> {
    const isIt = (run: HostRun): boolean => run.entry.folder === runFolder;
    for (const node of this.roots) {
      if (!(node instanceof GroupNode)) continue;
      const place = node.group.runs.findIndex(isIt);
      if (place < node.shown) continue;
      node.shown = place + 1;
      await this.rebuild();
      this.changes.fire(node);
    }
    const place = this.flat.findIndex(isIt);
    if (place < this.shownFlat) return;
    this.shownFlat = place + 1;
    await this.rebuild();
    this.changes.fire(undefined);
  }

  async getChildren(parent?: RunsNode): Promise<RunsNode[]> {
    if (parent instanceof GroupNode) return parent.children;
    if (parent !== undefined) return [];
    await this.loaded();
    if (this.isBehind) await this.rebuild();
    return this.roots;
  }

  getParent(node: RunsNode): RunsNode | undefined {
    return node instanceof GroupNode ? undefined : (node.group ?? undefined);
  }

  getTreeItem(node: RunsNode): vscode.TreeItem {
    if (node instanceof MoreNode) return moreItem(node);
    return node instanceof RunNode ? runItem(node, this.runs.names) : groupItem(node);
  }

  /** Makes a tooltip when it is looked at. */
  resolveTreeItem(item: vscode.TreeItem, node: RunsNode): vscode.TreeItem {
    if (node instanceof RunNode && isReadable(node.run)) {
      const tooltip = new vscode.MarkdownString(runTooltip(node.run.entry, this.runs.names.full(node.run)));
      tooltip.supportThemeIcons = true;
      item.tooltip = tooltip;
    }
    return item;
  }

  /** The runs that are shown. */
  private nodes(): RunNode[] {
    return this.roots
      .flatMap((node) => (node instanceof GroupNode ? node.children : [node]))
      .filter((node) => node instanceof RunNode);
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
    if (changed.length > mostDrawn) this.shape = '';
    if (!isWaiting) void this.drawChanged();
  }

  private async drawChanged(): Promise<void> {
    await this.drawing;
    const folders = this.changed ?? new Set<string>();
    this.changed = null;
    const before = this.shape;
    await this.rebuild();
    if (this.disposed) return;
    if (this.shape !== before) {
      this.changes.fire(undefined);
      return;
    }
    for (const node of this.nodes())
      if (folders.has(node.run.entry.folder) || this.marked.has(node)) this.changes.fire(node);
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
    const groups = this.current.grouped ? await groupByExperiment(shown, slices) : null;
    const unfinished = await unfinishedComparisons(runs, slices);
    if (this.disposed) return;
    const known = new Map(
      this.nodes().map((node) => [`${node.group?.group.key ?? ''}\n${node.run.entry.folder}`, node]),
    );
    const knownGroups = new Map(
      this.roots.flatMap((node) => (node instanceof GroupNode ? [[node.group.key, node]] : [])),
    );
    this.marked = new Set();
    const nodeOf = (run: HostRun, group: GroupNode | null): RunNode => {
      const node = known.get(`${group?.group.key ?? ''}\n${run.entry.folder}`) ?? new RunNode(run, group);
      node.run = run;
      const comparison = isReadable(run) ? run.entry.manifest.comparison : null;
      const hasMissing = comparison !== null && unfinished.has(comparison.id);
      if (node.hasMissing !== hasMissing) this.marked.add(node);
      node.hasMissing = hasMissing;
      return node;
    };
    const list = (its: readonly HostRun[], group: GroupNode | null, most: number): (RunNode | MoreNode)[] => {
      const nodes = its.slice(0, most).map((run) => nodeOf(run, group));
      return its.length > most ? [...nodes, new MoreNode(group, its.length - most)] : nodes;
    };
    if (groups === null) this.roots = list(shown, null, this.shownFlat);
    else
      this.roots = groups.map((group) => {
        const node = knownGroups.get(group.key) ?? new GroupNode(group);
        node.group = group;
        node.children = list(group.runs, node, node.shown);
        return node;
      });
    this.flat = groups === null ? shown : [];
    this.shape = this.roots
      .map((node) =>
        node instanceof GroupNode
          ? [node.group.key, node.group.runs.length, this.namesIn(node), ...node.children.map(shapeOf)].join(
              '\n',
            )
          : [shapeOf(node), ...(node instanceof RunNode ? [this.runs.names.short(node.run)] : [])].join('\n'),
      )
      .join('\n\n');
    this.shownRuns = shown.length;
    this.describe(runs, shown.length);
  }

  private namesIn({ group }: GroupNode): string {
    return this.runs.names.stateOf(group.workspace, group.experimentFile);
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
    void setContext('mmoe.runsGrouped', this.current.grouped);
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

const shapeOf = (node: RunNode | MoreNode): string =>
  node instanceof RunNode ? node.run.entry.folder : `more ${node.hidden}`;
