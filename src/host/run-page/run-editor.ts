import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { runPaths } from '../../run/run-paths.js';
import type { RunAction, RunPageToHost } from '../../shared/run-protocol.js';
import type { RunManifest, RunStatus } from '../../shared/run.js';
import { runEditor } from '../contributions/contributions.js';
import { setContext } from '../contributions/editor-names.js';
import { t } from '../localise.js';
import type { RunCollection } from '../runs/run-collection.js';
import { preparePage } from '../pages/prepare-page.js';
import { RunPageServer } from './run-page-server.js';
import { savePicture } from '../pages/save-picture.js';
import { hasDiverged } from '../../shared/run-status.js';

export interface RunEditorOptions {
  readonly extensionUri: vscode.Uri;
  readonly runs: RunCollection;
  log(message: string): void;
  act(action: RunAction, runFolder: string): void;
}

interface Page {
  readonly folder: string;
  readonly panel: vscode.WebviewPanel;
  readonly server: RunPageServer;
  status: RunStatus | 'diverged' | null;
}

/** The charts of a run: what a run.json opens with. */
export class RunEditor implements vscode.CustomReadonlyEditorProvider, vscode.Disposable {
  private readonly pages = new Set<Page>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly options: RunEditorOptions) {
    this.subscriptions = [
      vscode.window.registerCustomEditorProvider(runEditor.viewType, this, {
        supportsMultipleEditorsPerDocument: true,
      }),
      options.runs.onDidChange(({ changed, removed }) => {
        const folders = new Set(
          [...changed.map(({ run }) => run), ...removed].map((run) => run.entry.folder),
        );
        for (const page of this.pages) {
          if (!folders.has(page.folder)) continue;
          this.entitle(page.panel, page.folder);
          page.server.nudge();
        }
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        for (const page of this.pages) page.server.nudge();
      }),
    ];
  }

  /** How many pages are open: a test counts them. */
  get openPages(): number {
    return this.pages.size;
  }

  /** The folder of the run whose page is active. */
  get activeRun(): string | null {
    return this.activePage()?.folder ?? null;
  }

  isVisible(runFolder: string): boolean {
    return [...this.pages].some((page) => page.folder === runFolder && page.panel.visible);
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor(document: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    const folder = dirname(document.uri.fsPath);
    const { webview } = panel;
    this.entitle(panel, folder);
    const server = new RunPageServer(
      folder,
      { post: (message) => webview.postMessage(message), isVisible: () => panel.visible },
      {
        canTrain: () => vscode.workspace.isTrusted,
        log: (message) => this.options.log(message),
        request: (message) => void this.answer(folder, message),
        state: (state) => this.show(page, state),
      },
    );
    const page: Page = { folder, panel, server, status: null };
    this.pages.add(page);
    const subscriptions = [
      webview.onDidReceiveMessage((message: unknown) => server.receive(message)),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) server.hidden();
        this.tellActive();
      }),
      panel.onDidDispose(() => {
        this.pages.delete(page);
        server.dispose();
        for (const subscription of subscriptions) subscription.dispose();
        this.tellActive();
      }),
    ];
    preparePage(panel, this.options.extensionUri, 'run');
    this.tellActive();
  }

  /** Closes the pages of a run that is no longer there. */
  async close(runFolder: string): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const its = tabs.filter(
      ({ input }) =>
        input instanceof vscode.TabInputCustom &&
        input.viewType === runEditor.viewType &&
        dirname(input.uri.fsPath) === runFolder,
    );
    if (its.length > 0) await vscode.window.tabGroups.close(its);
  }

  private async answer(
    folder: string,
    message: Exclude<RunPageToHost, { type: 'ready' | 'error' }>,
  ): Promise<void> {
    try {
      if (message.type === 'action') this.options.act(message.action, folder);
      else if (message.type === 'copy') await vscode.env.clipboard.writeText(message.text);
      else await savePicture(message, dirname(folder));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(t('That could not be done: {0}', reason));
    }
  }

  private show(page: Page, state: { manifest: RunManifest; status: RunStatus } | null): void {
    page.status = state !== null && hasDiverged(state) ? 'diverged' : (state?.status ?? null);
    if (state !== null && page.panel.title !== state.manifest.name) page.panel.title = state.manifest.name;
    this.tellActive();
  }

  /** Also pages that are hidden, or that have not asked for their run yet, are called by its name. */
  private entitle(panel: vscode.WebviewPanel, folder: string): void {
    const entry = this.options.runs.at(folder)?.entry;
    if (entry?.state === 'ok' && panel.title !== entry.manifest.name) panel.title = entry.manifest.name;
  }

  private activePage(): Page | undefined {
    return [...this.pages].find((page) => page.panel.active);
  }

  private tellActive(): void {
    void setContext('mmoe.activeRun', this.activePage()?.status ?? null);
  }

  dispose(): void {
    for (const page of this.pages) page.server.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

export const openRunPage = async (
  runFolder: string,
  options: vscode.TextDocumentShowOptions = {},
): Promise<void> => {
  const uri = vscode.Uri.file(runPaths(runFolder).manifest);
  await vscode.commands.executeCommand('vscode.openWith', uri, runEditor.viewType, options);
};
