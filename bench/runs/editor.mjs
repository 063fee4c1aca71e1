/** The part of the editor's interface that lists of runs are made with. It shows nothing. */

const nothing = () => undefined;
const disposable = { dispose: nothing };

export class EventEmitter {
  listeners = new Set();
  event = (/** @type {(event: unknown) => void} */ listener) => {
    this.listeners.add(listener);
    return disposable;
  };
  fire(/** @type {unknown} */ event) {
    for (const listener of this.listeners) listener(event);
  }
  dispose = nothing;
}

export class TreeItem {
  constructor(/** @type {unknown} */ label) {
    this.label = label;
  }
}

export class ThemeIcon {}
export class ThemeColor {}
export class MarkdownString {}
export class TabInputCustom {}
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
/** @param {string} path @returns {{ path: string, fsPath: string, with: () => object }} */
const uriOf = (path) => ({ path, fsPath: path, with: () => uriOf(path) });
export const Uri = {
  file: uriOf,
  joinPath: (/** @type {{ path: string }} */ { path }, /** @type {string[]} */ ...parts) =>
    uriOf([path, ...parts].join('/')),
};
export const env = { language: 'en' };
export const l10n = { t: (/** @type {string} */ message) => message };
export const window = {
  createTreeView: () => ({ selection: [], visible: true, ...disposable }),
  tabGroups: { all: [] },
};
export const commands = { executeCommand: nothing };
export const workspace = { isTrusted: true, getWorkspaceFolder: nothing };
