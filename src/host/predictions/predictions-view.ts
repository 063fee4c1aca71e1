import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { Predictions } from '../../shared/messages/predictions-protocol.js';
import { predictionsPage } from '../contributions/contributions.js';
import { t } from '../editor/localise.js';
import { answerPage, OpenPages, portOf, type OpenPage } from '../pages/open-pages.js';
import { savePicture } from '../pages/save-picture.js';
import { PredictionsServer, type PredictionsRequest } from './predictions-server.js';

export interface PredictionsViewOptions {
  readonly extensionUri: vscode.Uri;
  log(message: string): void;
}

/**
 * Shows predictions that have been written, as a table with what is known of them, each in a tab of its own.
 * The tabs do not come back with the window: the file is what stays.
 */
export class PredictionsView implements vscode.Disposable {
  private readonly pages: OpenPages<OpenPage>;

  constructor(private readonly options: PredictionsViewOptions) {
    this.pages = new OpenPages('predictions', options.extensionUri);
  }

  open(predictions: Predictions): void {
    const panel = vscode.window.createWebviewPanel(
      predictionsPage.viewType,
      t('Predictions: {0}', predictions.title),
      vscode.ViewColumn.Active,
      {},
    );
    const server = new PredictionsServer(predictions, portOf(panel), {
      log: (message) => this.options.log(message),
      request: (message) => void answerPage(() => answer(predictions, message)),
    });
    this.pages.open({ panel, server });
  }

  dispose(): void {
    this.pages.dispose();
  }
}

async function answer({ report }: Predictions, message: PredictionsRequest): Promise<void> {
  switch (message.type) {
    case 'open': {
      const uri = vscode.Uri.file(report.out ?? '');
      await vscode.commands.executeCommand(message.what === 'file' ? 'vscode.open' : 'revealFileInOS', uri);
      return;
    }
    case 'copy':
      await vscode.env.clipboard.writeText(message.text);
      return;
    case 'save':
      await savePicture(message, dirname(report.out ?? ''));
      return;
  }
}
