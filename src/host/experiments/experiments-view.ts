import * as vscode from 'vscode';
import { parseExperiment } from '../../experiment/load.js';
import type { ViewId } from '../contributions/contributions.js';
import { shortPath, type ExperimentCollection, type FoundExperiment } from './experiment-collection.js';
import { experimentDescription } from './experiment-description.js';
import { t } from '../editor/localise.js';
import { type ReadableRun, type RunCollection } from '../runs/run-collection.js';
import { experimentName } from '../../shared/names.js';
import { plainText } from '../editor/plain-text.js';

const viewId: ViewId = 'mmoe.experiments';

export class ExperimentNode {
  constructor(readonly experiment: FoundExperiment) {}
}

/** The “Experiments” tree: the experiment files of the workspace, with how their last run went. */
export class ExperimentsView implements vscode.TreeDataProvider<ExperimentNode>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly subscriptions: vscode.Disposable[];
  private shown = '';

  constructor(
    private readonly experiments: ExperimentCollection,
    private readonly runs: RunCollection,
  ) {
    const view = vscode.window.createTreeView(viewId, { treeDataProvider: this });
    this.subscriptions = [
      view,
      this.changes,
      experiments.onDidChange(() => this.changes.fire(undefined)),
      runs.onDidChange(() => {
        // Most changes of a live run are not shown here.
        if (this.state() !== this.shown) this.changes.fire(undefined);
      }),
    ];
  }

  async getChildren(parent?: ExperimentNode): Promise<ExperimentNode[]> {
    if (parent !== undefined) return [];
    await this.experiments.ready();
    this.shown = this.state();
    return this.experiments.experiments.map((experiment) => new ExperimentNode(experiment));
  }

  getTreeItem({ experiment }: ExperimentNode): vscode.TreeItem {
    const item = new vscode.TreeItem(experiment.uri);
    item.label = plainText(experimentName(experiment.path));
    item.id = experiment.uri.toString();
    item.contextValue = 'experiment';
    item.iconPath = new vscode.ThemeIcon('beaker');
    item.description = experimentDescription(this.runsOf(experiment).map((run) => run.entry));
    item.tooltip = plainText(shortPath(experiment.uri.fsPath));
    item.command = { command: 'vscode.open', title: t('Open Experiment'), arguments: [experiment.uri] };
    return item;
  }

  /** Makes a tooltip that says how many runs the experiment has, and the first error of its file. */
  async resolveTreeItem(item: vscode.TreeItem, { experiment }: ExperimentNode): Promise<vscode.TreeItem> {
    const text = await vscode.workspace.fs.readFile(experiment.uri).then(
      (bytes) => Buffer.from(bytes).toString('utf8'),
      () => null,
    );
    const lines = [plainText(shortPath(experiment.uri.fsPath))];
    const count = this.runsOf(experiment).length;
    lines.push(count === 1 ? t('1 run') : t('{0} runs', count));
    const error =
      text === null
        ? undefined
        : parseExperiment(text, experiment.uri.fsPath).problems.find(({ severity }) => severity === 'error');
    if (error !== undefined) lines.push(t('Line {0}: {1}', error.line ?? 1, error.message));
    item.tooltip = lines.join('\n');
    return item;
  }

  private runsOf({ workspace, path }: FoundExperiment): readonly ReadableRun[] {
    return this.runs.ofExperiment(workspace, path);
  }

  private state(): string {
    return this.experiments.experiments
      .map((one) => experimentDescription(this.runsOf(one).map((run) => run.entry)))
      .join('\n');
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
