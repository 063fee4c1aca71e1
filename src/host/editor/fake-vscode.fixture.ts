import { vi } from 'vitest';

/**
 * The part of the editor’s API that building and disposing the parts touches. It counts what was made and not
 * disposed.
 */

const made = new Map<object, string>();

export const notDisposed = (): string[] => [...made.values()].sort();

/** Makes something that must be disposed once; the name helps to find a leak. */
function disposable<T extends object>(name: string, members: T): T & { dispose(): void } {
  const item = { ...members, dispose: () => void made.delete(item) };
  made.set(item, name);
  return item;
}

class Disposable {
  constructor(private readonly end: () => void) {
    made.set(this, 'Disposable');
  }

  static from(...items: { dispose(): void }[]): Disposable {
    return new Disposable(() => items.forEach((item) => item.dispose()));
  }

  dispose(): void {
    if (made.delete(this)) this.end();
  }
}

class EventEmitter<T> {
  private readonly listeners = new Set<(event: T) => void>();

  constructor() {
    made.set(this, 'EventEmitter');
  }

  readonly event = (listener: (event: T) => void): Disposable => {
    this.listeners.add(listener);
    return new Disposable(() => this.listeners.delete(listener));
  };

  fire(event: T): void {
    for (const listener of this.listeners) listener(event);
  }

  dispose(): void {
    made.delete(this);
    this.listeners.clear();
  }
}

class Uri {
  private constructor(
    readonly scheme: string,
    readonly path: string,
  ) {}

  static file = (path: string): Uri => new Uri('file', path);
  static joinPath = (uri: Uri, ...parts: string[]): Uri =>
    new Uri(uri.scheme, [uri.path, ...parts].join('/'));
  get fsPath(): string {
    return this.path;
  }
  toString(): string {
    return `${this.scheme}://${this.path}`;
  }
}

/** Makes an event of the editor that never happens. */
const never = (name: string) => () => disposable(name, {});
const registration = (name: string) => () => disposable(name, {});

/** The registered providers of custom editors, as the editor would keep them. */
export const providers: { resolveCustomEditor(document: object, panel: object): void }[] = [];

/** Makes a panel that the editor shows, and a function that closes it. */
export function fakePanel() {
  const closing = new EventEmitter<void>();
  const posted: unknown[] = [];
  const panel = {
    visible: true,
    active: true,
    title: '',
    webview: {
      options: {},
      html: '',
      cspSource: 'https://example',
      asWebviewUri: (uri: Uri) => uri,
      postMessage: (message: unknown) => Promise.resolve(posted.push(message) > 0),
      onDidReceiveMessage: never('onDidReceiveMessage'),
    },
    onDidChangeViewState: never('onDidChangeViewState'),
    onDidDispose: closing.event,
  };
  return {
    panel,
    close: () => {
      closing.fire();
      closing.dispose();
    },
  };
}

export function fakeVscode() {
  return {
    Disposable,
    EventEmitter,
    Uri,
    StatusBarAlignment: { Left: 1 },
    QuickPickItemKind: { Separator: -1, Default: 0 },
    l10n: { t: (message: string) => message },
    env: { language: 'en' },
    commands: { registerCommand: registration('command'), executeCommand: () => Promise.resolve() },
    tasks: { registerTaskProvider: registration('task provider') },
    CodeActionKind: { RefactorRewrite: {} },
    languages: {
      createDiagnosticCollection: () => disposable('diagnostics', { set: vi.fn(), delete: vi.fn() }),
      registerCompletionItemProvider: registration('completion'),
      registerCodeActionsProvider: registration('code actions'),
      registerHoverProvider: registration('hover'),
      registerCodeLensProvider: registration('lenses'),
    },
    window: {
      createOutputChannel: () => disposable('output', { warn: vi.fn(), error: vi.fn() }),
      createTreeView: () => disposable('tree view', { selection: [] }),
      createStatusBarItem: () => disposable('status bar item', { hide: vi.fn(), show: vi.fn() }),
      registerWebviewPanelSerializer: registration('panel serializer'),
      registerCustomEditorProvider: (_type: string, provider: (typeof providers)[number]) => {
        providers.push(provider);
        return disposable('custom editor', {});
      },
    },
    workspace: {
      isTrusted: true,
      workspaceFolders: [],
      textDocuments: [],
      findFiles: () => Promise.resolve([]),
      getWorkspaceFolder: () => undefined,
      getConfiguration: () => ({ get: (_id: string, fallback: unknown) => fallback }),
      createFileSystemWatcher: () =>
        disposable('file watcher', {
          onDidCreate: never('onDidCreate'),
          onDidDelete: never('onDidDelete'),
          onDidChange: never('onDidChange'),
        }),
      registerFileSystemProvider: registration('file system'),
      onDidChangeWorkspaceFolders: never('onDidChangeWorkspaceFolders'),
      onDidGrantWorkspaceTrust: never('onDidGrantWorkspaceTrust'),
      onDidOpenTextDocument: never('onDidOpenTextDocument'),
      onDidSaveTextDocument: never('onDidSaveTextDocument'),
      onDidChangeTextDocument: never('onDidChangeTextDocument'),
      onDidCloseTextDocument: never('onDidCloseTextDocument'),
    },
  };
}

/** Makes the context that an extension is given on activation. */
export function fakeContext() {
  const memory = { get: (_key: string, fallback?: unknown) => fallback, update: () => Promise.resolve() };
  return {
    extensionPath: '/extension',
    extensionUri: Uri.file('/extension'),
    globalStorageUri: Uri.file('/storage'),
    logUri: Uri.file('/log'),
    workspaceState: memory,
    environmentVariableCollection: { append: vi.fn(), replace: vi.fn(), persistent: false, description: '' },
    subscriptions: [],
  };
}
