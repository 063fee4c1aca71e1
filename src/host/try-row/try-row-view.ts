import * as vscode from 'vscode';
import { memberCount } from '../../shared/run/members.js';
import type { TriedRun } from '../../shared/messages/try-row-protocol.js';
import { tryRowPage } from '../contributions/contributions.js';
import { t } from '../editor/localise.js';
import { answerPage, OpenPages, portOf, type OpenPage } from '../pages/open-pages.js';
import { savePicture } from '../pages/save-picture.js';
import type { Program } from '../program/program.js';
import type { ReadableRun } from '../runs/run-collection.js';
import { RowPredictor } from './row-predictor.js';
import { TryRowServer, type TryRowRequest } from './try-row-server.js';

export interface TryRowViewOptions {
  readonly extensionUri: vscode.Uri;
  program(): Program;
  nameOf(run: ReadableRun): string;
  log(message: string): void;
  openRun(runFolder: string): void;
}

interface TryRowPage extends OpenPage {
  readonly folder: string;
}

/**
 * Shows a form with one row's values, whose predictions follow what is typed; a run has one such tab. Tabs do
 * not come back with the window.
 */
export class TryRowView implements vscode.Disposable {
  private readonly pages: OpenPages<TryRowPage>;

  constructor(private readonly options: TryRowViewOptions) {
    this.pages = new OpenPages('try-row', options.extensionUri);
  }

  open(run: ReadableRun): void {
    const { folder } = run.entry;
    const known = this.pages.find((page) => page.folder === folder);
    if (known !== undefined) {
      known.panel.reveal();
      return;
    }
    const name = this.options.nameOf(run);
    const panel = vscode.window.createWebviewPanel(
      tryRowPage.viewType,
      t('Try a Row: {0}', name),
      vscode.ViewColumn.Active,
      {},
    );
    const server = new TryRowServer(portOf(panel), {
      run: () => triedRun(run, name),
      predictor: (hears) =>
        new RowPredictor({
          ...{ program: this.options.program(), runFolder: folder, folder: run.workspace },
          ...hears,
        }),
      log: (message) => this.options.log(message),
      request: (message) => void answerPage(() => this.answer(run, message)),
    });
    this.pages.open({ panel, server, folder });
  }

  private async answer(run: ReadableRun, message: TryRowRequest): Promise<void> {
    switch (message.type) {
      case 'openRun':
        this.options.openRun(run.entry.folder);
        return;
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'save':
        await savePicture(message, run.store.runsFolder);
        return;
    }
  }

  dispose(): void {
    this.pages.dispose();
  }
}

function triedRun({ entry }: ReadableRun, name: string): TriedRun {
  const { tasks, network, summary } = entry.manifest;
  return { name, tasks, network, epoch: summary?.bestEpoch ?? null, members: memberCount(entry.manifest) };
}
