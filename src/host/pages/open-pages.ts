import * as vscode from 'vscode';
import { errorText } from '../editor/error-text.js';
import { t } from '../editor/localise.js';
import type { PagePort } from './page-server.js';
import { preparePage, type PageName } from './prepare-page.js';

/** A page that is open in an editor tab, and what serves it. */
export interface OpenPage {
  readonly panel: vscode.WebviewPanel;
  readonly server: Server;
}

interface Server extends vscode.Disposable {
  receive(message: unknown): void;
  nudge(): void;
  hidden(): void;
}

/** Lets a server talk to the page in a panel, without knowing panels. */
export const portOf = <ToPage>(panel: vscode.WebviewPanel): PagePort<ToPage> => ({
  post: (message) => panel.webview.postMessage(message),
  isVisible: () => panel.visible,
});

/** The open pages of one kind. Each is served until its tab is closed. */
export class OpenPages<Page extends OpenPage> implements vscode.Disposable, Iterable<Page> {
  private readonly pages = new Map<Page, vscode.Disposable>();

  /** `changed` is called when a page is opened, closed, shown, hidden, or gets or loses the focus. */
  constructor(
    private readonly name: PageName,
    private readonly extensionUri: vscode.Uri,
    private readonly changed: () => void = () => undefined,
  ) {}

  [Symbol.iterator](): Iterator<Page> {
    return this.pages.keys();
  }

  find(isWanted: (page: Page) => boolean): Page | undefined {
    return [...this].find(isWanted);
  }

  /** Fills a new or restored panel with its page, and serves the page. */
  open(page: Page): void {
    const { panel, server } = page;
    const subscriptions = vscode.Disposable.from(
      panel.webview.onDidReceiveMessage((message: unknown) => server.receive(message)),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) server.hidden();
        this.changed();
      }),
      panel.onDidDispose(() => this.close(page)),
      server,
    );
    this.pages.set(page, subscriptions);
    preparePage(panel, this.extensionUri, this.name);
    this.changed();
  }

  /** Tells the servers of the pages that something may have changed. */
  nudge(isConcerned: (page: Page) => boolean = () => true): void {
    for (const page of this) if (isConcerned(page)) page.server.nudge();
  }

  private close(page: Page): void {
    this.pages.get(page)?.dispose();
    this.pages.delete(page);
    this.changed();
  }

  dispose(): void {
    for (const subscriptions of this.pages.values()) subscriptions.dispose();
    this.pages.clear();
  }
}

/** Does what a page has asked for; an error is shown to the person. */
export async function answerPage(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const reason = errorText(error);
    void vscode.window.showErrorMessage(t('That could not be done: {0}', reason));
  }
}
