import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type * as vscode from 'vscode';
import { afterEach, expect, it, vi } from 'vitest';
import { runPaths } from '../../run/files/run-paths.js';
import { createParts, type OwnedParts } from '../create-parts.js';
import { fakeContext } from '../editor/fake-vscode.fixture.js';
import { changeManifest, temporaryRun } from '../runs/temporary-run.fixture.js';
import { deleteRuns } from './runs/delete.js';
import { rename } from './runs/rename.js';
import { star } from './runs/star.js';
import { resume } from './training/resume.js';
import { stop } from './training/stop.js';

/** The trust that the fake editor gives, and what it was asked to show. */
const editor = vi.hoisted(() => ({ isTrusted: false, warnings: 0 }));

vi.mock('vscode', async () => {
  const fake = (await import('../editor/fake-vscode.fixture.js')).fakeVscode();
  const workspace = Object.defineProperty(fake.workspace, 'isTrusted', { get: () => editor.isTrusted });
  const window = {
    ...fake.window,
    tabGroups: { all: [] },
    showWarningMessage: () => {
      editor.warnings++;
      return Promise.resolve(undefined);
    },
    showInformationMessage: () => Promise.resolve(undefined),
    showInputBox: () => Promise.resolve('another name'),
  };
  return { ...fake, workspace, window };
});

let owned: OwnedParts;
afterEach(() => owned.dispose());

const isContext = (value: object): value is vscode.ExtensionContext => 'extensionPath' in value;

it.each(Object.entries({ stop, rename, star, deleteRuns, resume }))(
  '%s changes nothing in a workspace that is not trusted, and says so',
  async (_, command) => {
    const context: object = fakeContext();
    if (!isContext(context)) throw new Error('the context lacks its path');
    owned = createParts(context);
    const run = await temporaryRun();
    // A run that waits for its trainer can be stopped, and cannot be deleted.
    if (command !== stop) await changeManifest(run.folder, { status: 'stopped' });
    const { manifest, stop: stopFile } = runPaths(run.folder);
    const before = await readFile(manifest, 'utf8');
    const seen = async (): Promise<unknown> => [
      existsSync(stopFile),
      existsSync(manifest) && (await readFile(manifest, 'utf8')) === before,
      await readdir(dirname(dirname(run.folder))),
    ];
    const untouched = await seen();
    editor.isTrusted = false;
    editor.warnings = 0;
    await command(owned.parts)(run.folder);
    expect(await seen()).toEqual(untouched);
    expect(editor.warnings).toBe(1);
    if (command === resume) return;
    // The same call does its work where there is trust, so it was trust that was missing.
    editor.isTrusted = true;
    await command(owned.parts)(run.folder);
    expect(await seen()).not.toEqual(untouched);
  },
);
