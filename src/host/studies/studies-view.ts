import * as vscode from 'vscode';
import { studyEditor, type ViewId } from '../contributions/contributions.js';
import { setContext } from '../contributions/editor-names.js';
import { t } from '../editor/localise.js';
import { plainText } from '../editor/plain-text.js';
import { statusIcons, statusLabel } from '../runs/run-status-text.js';
import { isLive, type HostStudy, type StudyCollection } from './study-collection.js';
import { studyDescription } from './study-text.js';

const viewId: ViewId = 'mmoe.studies';

/** A study in its tree. Commands get it as their argument. */
export class StudyNode {
  constructor(readonly study: HostStudy) {}
}

/** The “Studies” tree: each study is one item, however many runs it has. */
export class StudiesView implements vscode.TreeDataProvider<StudyNode>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly view: vscode.TreeView<StudyNode>;
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(
    private readonly studies: StudyCollection,
    private readonly loaded: () => Promise<void>,
  ) {
    this.view = vscode.window.createTreeView(viewId, { treeDataProvider: this });
    this.subscriptions = [
      this.view,
      this.changes,
      studies.onDidChange(() => {
        this.describe();
        this.changes.fire(undefined);
      }),
    ];
  }

  /** The selected study; undefined: none is. */
  get selection(): HostStudy | undefined {
    return this.view.selection[0]?.study;
  }

  async getChildren(parent?: StudyNode): Promise<StudyNode[]> {
    if (parent !== undefined) return [];
    await this.loaded();
    return this.studies.studies.map((study) => new StudyNode(study));
  }

  getTreeItem({ study }: StudyNode): vscode.TreeItem {
    const { record, name, notes, status, paths } = study;
    const item = new vscode.TreeItem(plainText(name));
    const { icon, color } = statusIcons[status];
    const description = studyDescription(study, Date.now());
    item.id = paths.folder;
    item.contextValue = `study.${status}.${record.origin.is}`;
    item.iconPath = new vscode.ThemeIcon(
      icon,
      color === undefined ? undefined : new vscode.ThemeColor(color),
    );
    item.description = description;
    item.tooltip = plainText([name, record.description, notes].filter((text) => text !== '').join('\n'));
    // A command of the editor: a click is not lost while the item is drawn anew.
    item.command = {
      command: 'vscode.openWith',
      title: t('Open Study'),
      arguments: [vscode.Uri.file(paths.record), studyEditor.viewType, { preserveFocus: true }],
    };
    item.accessibilityInformation = {
      label: [plainText(name), statusLabel(status), description].join(', '),
    };
    return item;
  }

  private describe(): void {
    const { studies } = this.studies;
    void setContext('mmoe.hasStudies', studies.length > 0);
    const live = studies.filter(isLive).length;
    this.view.badge =
      live === 0
        ? undefined
        : {
            value: live,
            tooltip: live === 1 ? t('1 study is training') : t('{0} studies are training', live),
          };
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
