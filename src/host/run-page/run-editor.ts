import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { RunContext } from '../../shared/messages/run-protocol.js';
import type { RunError, RunManifest, RunStatus } from '../../shared/run/run-manifest.js';
import { runEditor } from '../contributions/contributions.js';
import { setContext } from '../contributions/editor-names.js';
import { isReadable, type HostRun, type ReadableRun, type RunCollection } from '../runs/run-collection.js';
import { answerPage, OpenPages, portOf, type OpenPage } from '../pages/open-pages.js';
import { RunPageServer, type RunPageRequest } from './run-page-server.js';
import type { CommandAction } from './page-actions.js';
import { folderOfAddress, runAddress, tabsOfRun } from '../runs/run-address.js';
import { runContext } from './run-context.js';
import { savePicture } from '../pages/save-picture.js';
import { hasDiverged, isLive } from '../../shared/run/run-status.js';

export interface RunEditorOptions {
  readonly extensionUri: vscode.Uri;
  readonly runs: RunCollection;
  log(message: string): void;
  act(action: CommandAction, runFolder: string): void;
  /** Lets a person pick a run, other than this one. */
  pickOther(runFolder: string): Promise<ReadableRun | undefined>;
}

interface RunPage extends OpenPage {
  readonly folder: string;
  status: RunStatus | 'diverged' | null;
  /** The run whose settings are shown beside its own. */
  other: ReadableRun | null;
}

/** The custom editor of a run.json, which shows the run's charts. */
export class RunEditor implements vscode.CustomReadonlyEditorProvider, vscode.Disposable {
  private readonly pages: OpenPages<RunPage>;
  private readonly subscriptions: vscode.Disposable[];
  /** By run folder, why trainers have ended that could not write it down. */
  private readonly told = new Map<string, RunError>();

  constructor(private readonly options: RunEditorOptions) {
    this.pages = new OpenPages('run', options.extensionUri, () => this.publishActive());
    this.subscriptions = [
      this.pages,
      vscode.window.registerCustomEditorProvider(runEditor.viewType, this, {
        supportsMultipleEditorsPerDocument: true,
      }),
      options.runs.onDidChange(({ changed, removed }) => {
        const runs = [...changed.map(({ run }) => run), ...removed];
        const folders = new Set(runs.map((run) => run.entry.folder));
        for (const { entry } of runs)
          if (entry.state === 'ok' && isLive(entry)) this.told.delete(entry.folder);
        // A run that comes or goes may change what others are called.
        for (const { panel, folder } of this.pages) this.setTitle(panel, folder);
        // What a run is among others may change with any of its experiment.
        const experiments = new Set(runs.map((run) => experimentKeyOf(run)));
        this.pages.nudge(({ folder }) => {
          const run = options.runs.at(folder);
          return folders.has(folder) || (run !== undefined && experiments.has(experimentKeyOf(run)));
        });
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.pages.nudge()),
    ];
  }

  /** Opens the page of a run. */
  async open(runFolder: string, options: vscode.TextDocumentShowOptions = {}): Promise<void> {
    const run = this.options.runs.at(runFolder);
    const name = run === undefined ? basename(runFolder) : this.options.runs.names.full(run);
    const address = runAddress(runFolder, name);
    await vscode.commands.executeCommand('vscode.openWith', address, runEditor.viewType, options);
  }

  /** The folder of the run whose page is active; null if none is. */
  get activeFolder(): string | null {
    return this.activePage()?.folder ?? null;
  }

  isVisible(runFolder: string): boolean {
    return this.pages.find(({ folder, panel }) => folder === runFolder && panel.visible) !== undefined;
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor(document: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    const folder = folderOfAddress(document.uri);
    this.setTitle(panel, folder);
    const server = new RunPageServer(folder, portOf(panel), {
      canTrain: () => vscode.workspace.isTrusted,
      told: () => this.told.get(folder) ?? null,
      isWatched: () => this.options.runs.isFollowed(folder),
      log: (message) => this.options.log(message),
      request: (message) => void answerPage(() => this.answer(page, message)),
      state: (state) => this.show(page, state),
      context: () => this.contextOf(page),
    });
    const page: RunPage = { folder, panel, server, status: null, other: null };
    this.pages.open(page);
  }

  /** Tells the pages of a run why its trainer has ended, should run.json not say so. */
  tell(runFolder: string, error: RunError): void {
    this.told.set(runFolder, error);
    this.pages.nudge(({ folder }) => folder === runFolder);
  }

  /** Closes the pages of a run that is no longer there. */
  async close(runFolder: string): Promise<void> {
    const its = tabsOfRun(runFolder);
    if (its.length > 0) await vscode.window.tabGroups.close(its);
  }

  private contextOf({ folder, other }: RunPage): RunContext | null {
    const { runs } = this.options;
    const run = runs.at(folder);
    if (run === undefined || !isReadable(run)) return null;
    const its = runs.ofExperiment(run.workspace, run.entry.manifest.experimentFile ?? '');
    return runContext(run, its, runs.names, other);
  }

  private async answer(page: RunPage, message: RunPageRequest): Promise<void> {
    const { folder } = page;
    switch (message.type) {
      case 'action':
        if (message.action !== 'compareSettings') {
          this.options.act(message.action, folder);
          return;
        }
        page.other = (await this.options.pickOther(folder)) ?? page.other;
        page.server.nudge();
        return;
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'save':
        await savePicture(message, dirname(folder));
        return;
    }
  }

  private show(page: RunPage, state: { manifest: RunManifest; status: RunStatus } | null): void {
    page.status = state !== null && hasDiverged(state) ? 'diverged' : (state?.status ?? null);
    if (state !== null) this.setTitle(page.panel, page.folder);
    this.publishActive();
  }

  /** Gives a tab its run's name, also while its page is hidden or has not asked for its run yet. */
  private setTitle(panel: vscode.WebviewPanel, folder: string): void {
    const run = this.options.runs.at(folder);
    if (run === undefined || !isReadable(run)) return;
    const name = this.options.runs.names.full(run);
    if (panel.title !== name) panel.title = name;
  }

  private activePage(): RunPage | undefined {
    return this.pages.find(({ panel }) => panel.active);
  }

  /** Tells the menus which kind of run is active. */
  private publishActive(): void {
    void setContext('mmoe.activeRunStatus', this.activePage()?.status ?? null);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

const experimentKeyOf = ({ entry, workspace }: HostRun): string =>
  `${workspace}\n${entry.state === 'ok' ? (entry.manifest.experimentFile ?? '') : ''}`;
