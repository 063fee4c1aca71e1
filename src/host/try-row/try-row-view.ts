import { basename, dirname } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { memberCount } from '../../shared/run/members.js';
import type { TriedRun } from '../../shared/messages/try-row-protocol.js';
import { tryRowPage } from '../contributions/contributions.js';
import { t } from '../editor/localise.js';
import { answerPage, OpenPages, portOf, type OpenPage } from '../pages/open-pages.js';
import { savePicture } from '../pages/save-picture.js';
import type { Program } from '../program/program.js';
import { isReadable, type HostRun, type ReadableRun } from '../runs/run-collection.js';
import { RowPredictor } from './row-predictor.js';
import { TryRowServer, type Predictor, type TryRowRequest } from './try-row-server.js';

export interface TryRowViewOptions {
  readonly extensionUri: vscode.Uri;
  program(): Program;
  /** Looks at the run in a folder; undefined: there is none. */
  runAt(folder: string): Promise<HostRun | undefined>;
  nameOf(run: ReadableRun): string;
  log(message: string): void;
  openRun(runFolder: string): void;
}

interface TryRowPage extends OpenPage {
  readonly folder: string;
}

/** The part of a page's stored state that the host needs; the rest is the page's own. */
const storedStateSchema = v.object({ folder: v.string() });

/**
 * Shows a form with one row's values, whose predictions follow what is typed; a run has one such tab. Tabs come back
 * with the window, and with what was written.
 */
export class TryRowView implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly pages: OpenPages<TryRowPage>;
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly options: TryRowViewOptions) {
    this.pages = new OpenPages('try-row', options.extensionUri);
    this.subscriptions = [
      this.pages,
      vscode.window.registerWebviewPanelSerializer(tryRowPage.viewType, this),
    ];
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
    this.show(panel, folder, run);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const parsed = v.safeParse(storedStateSchema, state);
    // The tab was closed before its page could store its run: there is nothing to bring back.
    if (!parsed.success) {
      panel.dispose();
      return;
    }
    const { folder } = parsed.output;
    const run = await this.options.runAt(folder);
    this.show(panel, folder, run !== undefined && isReadable(run) ? run : null);
  }

  /** `run`: null where it is no longer there, which the page says. */
  private show(panel: vscode.WebviewPanel, folder: string, run: ReadableRun | null): void {
    const server = new TryRowServer(portOf(panel), {
      run: () => (run === null ? goneRun(folder) : triedRun(run, this.options.nameOf(run))),
      predictor: (hears) => {
        const why = reasonNotToStart(run);
        if (run === null || why !== null) return silent(() => hears.ended(why ?? ''));
        return new RowPredictor({
          ...{ program: this.options.program(), runFolder: folder, folder: run.workspace },
          ...hears,
        });
      },
      log: (message) => this.options.log(message),
      request: (message) => void answerPage(() => this.answer(folder, message)),
    });
    this.pages.open({ panel, server, folder });
  }

  private async answer(folder: string, message: TryRowRequest): Promise<void> {
    switch (message.type) {
      case 'openRun':
        this.options.openRun(folder);
        return;
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'save':
        await savePicture(message, dirname(folder));
        return;
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

/** Says why no program is started for a run; null: it can be. */
function reasonNotToStart(run: ReadableRun | null): string | null {
  if (run === null)
    return t('the run is no longer there; choose another one with the command “MMoE: Try a Row…”');
  return vscode.workspace.isTrusted
    ? null
    : t('this folder is not trusted, so that no program is started in it; trust it, and start again');
}

/** Stands for a process that is not started; `tell` is called when who has asked for it listens. */
function silent(tell: () => void): Predictor {
  queueMicrotask(tell);
  return { ask: () => undefined, dispose: () => undefined };
}

const goneRun = (folder: string): TriedRun => ({
  ...{ folder, name: basename(folder), tasks: [], network: null, epoch: null, members: 1 },
});

function triedRun({ entry }: ReadableRun, name: string): TriedRun {
  const { folder, manifest } = entry;
  const { tasks, network, summary } = manifest;
  return { folder, name, tasks, network, epoch: summary?.bestEpoch ?? null, members: memberCount(manifest) };
}
