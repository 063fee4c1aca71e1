import { dirname } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { comparisonSubjectSchema, type ComparisonSubject } from '../../shared/messages/compare-protocol.js';
import { isLive } from '../../shared/run/run-status.js';
import { comparePage } from '../contributions/contributions.js';
import { answerPage, OpenPages, portOf, type OpenPage } from '../pages/open-pages.js';
import type { RunCollection } from '../runs/run-collection.js';
import { savePicture } from '../pages/save-picture.js';
import { ComparePageServer, type ComparePageRequest } from './compare-page-server.js';

export interface CompareViewOptions {
  readonly extensionUri: vscode.Uri;
  readonly runs: RunCollection;
  /** Resolves once the workspace's runs are known. */
  loaded(): Promise<void>;
  log(message: string): void;
  openRun(runFolder: string): void;
  /** Trains what the comparison of a run is missing. */
  resumeComparison(runFolder: string): void;
}

interface ComparePage extends OpenPage {
  readonly server: ComparePageServer;
}

/** The part of a page's stored state that the host needs; the rest is the page's own. */
const storedStateSchema = v.object({ subject: comparisonSubjectSchema });

/** Shows runs side by side, each comparison in an editor tab that comes back with the window. */
export class CompareView implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly pages: OpenPages<ComparePage>;
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly options: CompareViewOptions) {
    this.pages = new OpenPages('compare', options.extensionUri);
    this.subscriptions = [
      this.pages,
      vscode.window.registerWebviewPanelSerializer(comparePage.viewType, this),
      options.runs.onDidChange(() => this.pages.nudge()),
    ];
  }

  /** Shows the runs of a subject; a tab that has them is brought to the front. */
  async open(subject: ComparisonSubject, { preserveFocus = false } = {}): Promise<void> {
    const known = this.pages.find(({ server }) => isSame(server.subject, subject));
    if (known !== undefined) {
      known.panel.reveal(undefined, preserveFocus);
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      comparePage.viewType,
      subject.title,
      { viewColumn: vscode.ViewColumn.Active, preserveFocus },
      { enableFindWidget: true },
    );
    this.show(panel, subject);
    await this.follow(subject);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const parsed = v.safeParse(storedStateSchema, state);
    // The tab was closed before its page could store its subject: there is nothing to bring back.
    if (!parsed.success) {
      panel.dispose();
      return;
    }
    this.show(panel, parsed.output.subject);
    await this.options.loaded();
    await this.follow(parsed.output.subject);
  }

  /** Closes a tab that still waits for its first run when the program behind its comparison has ended. */
  comparisonEnded(id: string): void {
    for (const { panel, server } of [...this.pages])
      if (server.subject.comparison?.id === id && server.runs.length === 0) panel.dispose();
  }

  /** Closes the tabs of a comparison that is no longer there. */
  close(id: string): void {
    for (const { panel, server } of [...this.pages])
      if (server.subject.comparison?.id === id) panel.dispose();
  }

  private show(panel: vscode.WebviewPanel, subject: ComparisonSubject): void {
    const server = new ComparePageServer(subject, portOf(panel), {
      runs: () => this.options.runs.runs,
      log: (message) => this.options.log(message),
      request: (message) => void answerPage(() => this.answer(server, message)),
      renamed: ({ title }) => (panel.title = title),
    });
    this.pages.open({ panel, server });
  }

  /** Follows the folders that hold the runs, which may lie outside the workspace. */
  private async follow({ folders, comparison }: ComparisonSubject): Promise<void> {
    const runsFolders = new Set([
      ...folders.map(dirname),
      ...(comparison === null ? [] : [comparison.runsFolder]),
    ]);
    await Promise.all([...runsFolders].map((folder) => this.options.runs.storeOf(folder)));
    this.pages.nudge();
  }

  private async answer(server: ComparePageServer, message: ComparePageRequest): Promise<void> {
    switch (message.type) {
      case 'stopAll': {
        const live = server.runs.filter(({ entry }) => isLive(entry));
        await Promise.all(live.map(({ store, entry }) => store.requestStop(entry.id)));
        return;
      }
      case 'resumeComparison': {
        const [first] = server.runs;
        if (first !== undefined) this.options.resumeComparison(first.entry.folder);
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
  }

  dispose(): void {
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
