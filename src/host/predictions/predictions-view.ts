import { dirname, join } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Predictions } from '../../shared/messages/predictions-protocol.js';
import { predictionsPage } from '../contributions/contributions.js';
import { execute } from '../contributions/editor-names.js';
import { errorText } from '../editor/error-text.js';
import { t } from '../editor/localise.js';
import { answerPage, OpenPages, portOf, type OpenPage } from '../pages/open-pages.js';
import { savePicture } from '../pages/save-picture.js';
import { KeptPredictions } from './kept-predictions.js';
import { PredictionsServer, type PredictionsRequest } from './predictions-server.js';

export interface PredictionsViewOptions {
  readonly extensionUri: vscode.Uri;
  /** The extension's own folder, where what is known of the latest predictions is kept. */
  readonly folder: string;
  log(message: string): void;
}

/** The part of a page's stored state that the host needs; the rest is the page's own. */
const storedStateSchema = v.object({ kept: v.nullable(v.string()) });

/**
 * Shows predictions that have been written, as a table with what is known of them, each in a tab of its own that
 * comes back with the window.
 */
export class PredictionsView implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly pages: OpenPages<OpenPage>;
  private readonly kept: KeptPredictions;
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly options: PredictionsViewOptions) {
    this.pages = new OpenPages('predictions', options.extensionUri);
    this.kept = new KeptPredictions(join(options.folder, 'predictions'));
    this.subscriptions = [
      this.pages,
      vscode.window.registerWebviewPanelSerializer(predictionsPage.viewType, this),
    ];
  }

  async open(predictions: Predictions): Promise<void> {
    // They are shown, and only lost with the window, where they cannot be kept.
    const kept = await this.kept.keep(predictions).catch((error: unknown) => {
      this.options.log(`Predictions cannot be kept for the next window: ${errorText(error)}`);
      return null;
    });
    const panel = vscode.window.createWebviewPanel(
      predictionsPage.viewType,
      t('Predictions: {0}', predictions.title),
      vscode.ViewColumn.Active,
      {},
    );
    this.show(panel, { ...predictions, kept });
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const parsed = v.safeParse(storedStateSchema, state);
    const kept = parsed.success ? parsed.output.kept : null;
    const found = kept === null ? null : await this.kept.find(kept);
    this.show(panel, found && { ...found, kept });
  }

  private show(
    panel: vscode.WebviewPanel,
    predictions: (Predictions & { readonly kept: string | null }) | null,
  ): void {
    const server = new PredictionsServer(predictions, portOf(panel), {
      log: (message) => this.options.log(message),
      request: (message) => void answerPage(() => answer(predictions, message)),
    });
    this.pages.open({ panel, server });
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

async function answer(predictions: Predictions | null, message: PredictionsRequest): Promise<void> {
  const out = predictions?.report.out ?? '';
  switch (message.type) {
    case 'open': {
      const uri = vscode.Uri.file(out);
      await vscode.commands.executeCommand(message.what === 'file' ? 'vscode.open' : 'revealFileInOS', uri);
      return;
    }
    case 'predict':
      await execute('mmoe.predict');
      return;
    case 'copy':
      await vscode.env.clipboard.writeText(message.text);
      return;
    case 'save':
      await savePicture(message, dirname(out));
      return;
  }
}
