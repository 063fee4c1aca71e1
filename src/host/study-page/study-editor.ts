import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { StudyAction } from '../../shared/messages/study-protocol.js';
import { studyEditor } from '../contributions/contributions.js';
import { t } from '../editor/localise.js';
import { answerPage, OpenPages, portOf, type OpenPage } from '../pages/open-pages.js';
import { savePicture } from '../pages/save-picture.js';
import type { HostStudy, StudyCollection } from '../studies/study-collection.js';
import { StudyPageServer, type StudyPageRequest } from './study-page-server.js';

export interface StudyEditorOptions {
  readonly extensionUri: vscode.Uri;
  readonly studies: StudyCollection;
  /** Resolves once the workspace's studies are known. */
  loaded(): Promise<void>;
  log(message: string): void;
  act(action: StudyAction, studyFolder: string): void;
  /** Trains a line again as a run, if it is none yet. `run`: the id of its run. */
  openAsRun(studyFolder: string, key: string, run: string | null): void;
}

interface StudyPage extends OpenPage {
  readonly folder: string;
}

/** The custom editor of a study.json, which shows the study. */
export class StudyEditor implements vscode.CustomReadonlyEditorProvider, vscode.Disposable {
  private readonly pages: OpenPages<StudyPage>;
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(private readonly options: StudyEditorOptions) {
    this.pages = new OpenPages('study', options.extensionUri);
    this.subscriptions = [
      this.pages,
      vscode.window.registerCustomEditorProvider(studyEditor.viewType, this, {
        supportsMultipleEditorsPerDocument: true,
      }),
      options.studies.onDidChange(() => {
        for (const { panel, folder } of this.pages) this.setTitle(panel, folder);
        this.pages.nudge();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.pages.nudge()),
    ];
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  async resolveCustomEditor(document: vscode.CustomDocument, panel: vscode.WebviewPanel): Promise<void> {
    const folder = dirname(document.uri.fsPath);
    await this.options.loaded();
    await this.options.studies.refresh();
    this.setTitle(panel, folder);
    const server = new StudyPageServer(folder, portOf(panel), {
      study: () => this.options.studies.at(folder),
      canTrain: () => vscode.workspace.isTrusted,
      goneText: () => t('there is no study.json that can be read in {0}', folder),
      log: (message) => this.options.log(message),
      request: (message) => void answerPage(() => this.answer(folder, message)),
    });
    this.pages.open({ folder, panel, server });
  }

  /** Closes the pages of a study that is no longer there. */
  async close(studyFolder: string): Promise<void> {
    const its = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(
        ({ input }) =>
          input instanceof vscode.TabInputCustom &&
          input.viewType === studyEditor.viewType &&
          dirname(input.uri.fsPath) === studyFolder,
      );
    if (its.length > 0) await vscode.window.tabGroups.close(its);
  }

  private async answer(folder: string, message: StudyPageRequest): Promise<void> {
    switch (message.type) {
      case 'action':
        this.options.act(message.action, folder);
        return;
      case 'openAsRun':
        this.options.openAsRun(folder, message.key, message.run);
        return;
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'save':
        await savePicture(message, join(dirname(dirname(folder)), 'runs'));
        return;
    }
  }

  private setTitle(panel: vscode.WebviewPanel, folder: string): void {
    const name = this.options.studies.at(folder)?.name;
    if (name !== undefined && panel.title !== name) panel.title = name;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

/** Shows the page of a study. */
export const openStudyPage = (
  { paths }: Pick<HostStudy, 'paths'>,
  options: vscode.TextDocumentShowOptions = {},
): Thenable<unknown> =>
  vscode.commands.executeCommand(
    'vscode.openWith',
    vscode.Uri.file(paths.record),
    studyEditor.viewType,
    options,
  );
