import * as vscode from 'vscode';
import type { TableAction } from '../../shared/messages/runs-table-protocol.js';
import { runsTablePage, type CommandId } from '../contributions/contributions.js';
import { execute } from '../contributions/editor-names.js';
import { t } from '../editor/localise.js';
import { answerPage, OpenPages, portOf, type OpenPage } from '../pages/open-pages.js';
import { savePicture } from '../pages/save-picture.js';
import type { RunCollection } from '../runs/run-collection.js';
import { RunsTableServer, type RunsTableRequest } from './runs-table-server.js';

export interface RunsTableViewOptions {
  readonly extensionUri: vscode.Uri;
  readonly runs: RunCollection;
  /** What is chosen in the table is kept here, for the workspace. */
  readonly memory: vscode.Memento;
  log(message: string): void;
  openRun(runFolder: string): void;
}

interface TablePage extends OpenPage {
  readonly server: RunsTableServer;
}

const keptKey = 'mmoe.runsTable';

const commandOf: Record<TableAction, CommandId> = {
  compare: 'mmoe.compareRuns',
  rename: 'mmoe.rename',
  star: 'mmoe.star',
  unstar: 'mmoe.unstar',
  tag: 'mmoe.tagRuns',
  archive: 'mmoe.archive',
  unarchive: 'mmoe.unarchive',
  delete: 'mmoe.delete',
};

/** Shows all runs as a table, in one editor tab that comes back with the window. */
export class RunsTableView implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly pages: OpenPages<TablePage>;
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly options: RunsTableViewOptions) {
    this.pages = new OpenPages('runs', options.extensionUri);
    this.subscriptions = [
      this.pages,
      vscode.window.registerWebviewPanelSerializer(runsTablePage.viewType, this),
      options.runs.onDidChange(() => this.pages.nudge()),
    ];
  }

  /** Shows the table; a tab that has it is brought to the front. */
  open(): void {
    const known = this.pages.find(() => true);
    if (known !== undefined) {
      known.panel.reveal();
      return;
    }
    this.show(
      vscode.window.createWebviewPanel(runsTablePage.viewType, t('Runs'), vscode.ViewColumn.Active, {}),
    );
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.show(panel);
    return Promise.resolve();
  }

  private show(panel: vscode.WebviewPanel): void {
    const { runs, memory } = this.options;
    const server = new RunsTableServer(portOf(panel), {
      runs: () => runs.runs,
      paths: () => runs.names.telling,
      nameOf: (run) => runs.names.full(run),
      kept: () => memory.get<Record<string, unknown>>(keptKey) ?? null,
      log: (message) => this.options.log(message),
      request: (message) => void answerPage(() => this.answer(message)),
    });
    this.pages.open({ panel, server });
  }

  private async answer(message: RunsTableRequest): Promise<void> {
    switch (message.type) {
      case 'keep':
        await this.options.memory.update(keptKey, message.state);
        return;
      case 'open':
        this.options.openRun(message.folder);
        return;
      case 'act':
        await execute(commandOf[message.action], message.folders);
        return;
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'save': {
        const [first] = this.options.runs.runs;
        if (first !== undefined) await savePicture(message, first.store.runsFolder);
        return;
      }
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
