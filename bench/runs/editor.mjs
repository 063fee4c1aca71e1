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
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export const Uri = { file: (/** @type {string} */ path) => ({ path }) };
export const window = { createTreeView: () => ({ selection: [], visible: true, ...disposable }) };
export const commands = { executeCommand: nothing };
export const workspace = { isTrusted: true, getWorkspaceFolder: nothing };
