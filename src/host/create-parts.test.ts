import { join } from 'node:path';
import type * as vscode from 'vscode';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createParts, type OwnedParts } from './create-parts.js';
import { fakeContext, fakePanel, notDisposed, providers } from './editor/fake-vscode.fixture.js';
import { temporaryRun } from './runs/temporary-run.fixture.js';

vi.mock('vscode', async () => (await import('./editor/fake-vscode.fixture.js')).fakeVscode());

let owned: OwnedParts | undefined;
/** The fake context has enough of the real one to build the parts. */
const isContext = (value: object): value is vscode.ExtensionContext => 'extensionPath' in value;

function build(): OwnedParts {
  const context: object = fakeContext();
  if (!isContext(context)) throw new Error('the context lacks its path');
  return (owned = createParts(context));
}
afterEach(() => owned?.dispose());

describe('everything that the extension makes', () => {
  it('is disposed with it', async () => {
    const parts = build();
    expect(notDisposed().length).toBeGreaterThan(40);
    await parts.parts.loaded();
    parts.dispose();
    expect(notDisposed()).toEqual([]);
  });

  it('for a run page is disposed when the page is closed', async () => {
    const { folder } = await temporaryRun();
    build();
    const before = notDisposed();
    for (let round = 0; round < 3; round++) {
      const { panel, close } = fakePanel();
      providers.at(-1)!.resolveCustomEditor({ uri: { fsPath: join(folder, 'run.json') } }, panel);
      expect(notDisposed().length).toBeGreaterThan(before.length);
      expect(panel.webview.html).toContain('Content-Security-Policy');
      close();
    }
    expect(notDisposed()).toEqual(before);
  });
});
