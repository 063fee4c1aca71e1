import { dirname } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import {
  comparisonSubjectSchema,
  type ComparePageToHost,
  type ComparisonSubject,
} from '../../shared/compare-protocol.js';
import { comparePage } from '../contributions/contributions.js';
import { t } from '../localise.js';
import { preparePage } from '../pages/prepare-page.js';
import type { RunCollection } from '../runs/run-collection.js';
import { savePicture } from '../pages/save-picture.js';
import { ComparePageServer } from './compare-page-server.js';
import { isLive } from '../../shared/run-status.js';

export interface CompareViewOptions {
  readonly extensionUri: vscode.Uri;
  readonly runs: RunCollection;
  /** Resolves once the workspace's runs are known. */
  loaded(): Promise<void>;
  log(message: string): void;
  openRun(runFolder: string): void;
}

interface Page {
  readonly panel: vscode.WebviewPanel;
  readonly server: ComparePageServer;
}

/** What a page keeps of itself; the rest of it is the page's own. */
const stateSchema = v.object({ subject: comparisonSubjectSchema });

/** Runs side by side, each comparison in an editor tab that comes back with the window. */
export class CompareView implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly pages = new Set<Page>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly options: CompareViewOptions) {
    this.subscriptions = [
      vscode.window.registerWebviewPanelSerializer(comparePage.viewType, this),
      options.runs.onDidChange(() => {
        for (const { server } of this.pages) server.nudge();
      }),
    ];
  }

  /** Shows these runs; a tab that has them is brought to the front. */
  async open(subject: ComparisonSubject): Promise<void> {
    const known = [...this.pages].find(({ server }) => isSame(server.subject, subject));
    if (known !== undefined) {
      known.panel.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      comparePage.viewType,
      subject.title,
      vscode.ViewColumn.Active,
      {
        enableFindWidget: true,
      },
    );
    this.show(panel, subject);
    await this.follow(subject);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const parsed = v.safeParse(stateSchema, state);
    // Closed before its page could say what it shows: there is nothing to bring back.
    if (!parsed.success) {
      panel.dispose();
      return;
    }
    this.show(panel, parsed.output.subject);
    await this.options.loaded();
    await this.follow(parsed.output.subject);
  }

  /**
   * The program behind a comparison has ended: a tab that still waits for its first run would wait for ever.
   */
  comparisonEnded(id: string): void {
    for (const { panel, server } of this.pages)
      if (server.subject.comparison?.id === id && server.runs.length === 0) panel.dispose();
  }

  private show(panel: vscode.WebviewPanel, subject: ComparisonSubject): void {
    const { webview } = panel;
    const server = new ComparePageServer(
      subject,
      { post: (message) => webview.postMessage(message), isVisible: () => panel.visible },
      {
        runs: () => this.options.runs.runs,
        log: (message) => this.options.log(message),
        request: (message) => void this.answer(page, message),
        entitled: ({ title }) => (panel.title = title),
      },
    );
    const page: Page = { panel, server };
    this.pages.add(page);
    const subscriptions = [
      webview.onDidReceiveMessage((message: unknown) => server.receive(message)),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) server.hidden();
      }),
      panel.onDidDispose(() => {
        this.pages.delete(page);
        server.dispose();
        for (const subscription of subscriptions) subscription.dispose();
      }),
    ];
    preparePage(panel, this.options.extensionUri, 'compare');
  }

  /** The folders that hold the runs may lie outside the workspace. */
  private async follow({ folders, comparison }: ComparisonSubject): Promise<void> {
    const runsFolders = new Set([
      ...folders.map(dirname),
      ...(comparison === null ? [] : [comparison.runsFolder]),
    ]);
    await Promise.all([...runsFolders].map((folder) => this.options.runs.storeOf(folder)));
    for (const { server } of this.pages) server.nudge();
  }

  private async answer(
    { server }: Page,
    message: Exclude<ComparePageToHost, { type: 'ready' | 'error' }>,
  ): Promise<void> {
    try {
      switch (message.type) {
        case 'stopAll': {
          const live = server.runs.filter(({ entry }) => isLive(entry));
          await Promise.all(live.map(({ store, entry }) => store.requestStop(entry.id)));
          return;
        }
        case 'open':
          this.options.openRun(message.folder);
          return;
        case 'copy':
          await vscode.env.clipboard.writeText(message.text);
          return;
        case 'save':
          await savePicture(message, runsFolderOf(server.subject));
          return;
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(t('That could not be done: {0}', reason));
    }
  }

  dispose(): void {
    for (const { server } of this.pages) server.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

const runsFolderOf = ({ comparison, folders }: ComparisonSubject): string =>
  comparison?.runsFolder ?? dirname(folders[0] ?? '.');

function isSame(one: ComparisonSubject, other: ComparisonSubject): boolean {
  if (one.comparison !== null || other.comparison !== null)
    return one.comparison?.id === other.comparison?.id;
  return (
    one.folders.length === other.folders.length &&
    one.folders.every((folder) => other.folders.includes(folder))
  );
}
