import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { readManifestSync, replaceManifestSync } from '../../src/run/manifest.js';
import { createRunFolder } from '../../src/run/create-run.js';
import { runsFolderFor } from '../../src/run/files/run-paths.js';
import { eventually } from '../eventually.mjs';
import { manifest, removeRuns, runIds, smallExperiment, workspaceFolder, write } from './workspace.js';

const { executeCommand } = vscode.commands;
const compareTabs = (): readonly vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('mmoe.compare'),
    );

async function queued(name: string, comparison: { id: string; name: string } | null): Promise<string> {
  const runs = runsFolderFor(workspaceFolder());
  const { id } = await createRunFolder(runs, { name, experimentFile: 'films.mmoe.json', comparison });
  return join(runs, id);
}

/** Writes that a run has ended, as its trainer would. */
function end(folder: string): void {
  const reading = readManifestSync(folder);
  assert.ok(reading.state === 'ok');
  replaceManifestSync(folder, { ...reading.manifest, status: 'stopped' });
}

describe('runs side by side', () => {
  afterEach(removeRuns);

  it('are in one tab, which is brought to the front when it is asked for again', async () => {
    const folders = [await queued('films mmoe', null), await queued('films omoe', null)];
    await executeCommand('mmoe.compareRuns', folders);
    await eventually('the tab', () => compareTabs().some(({ label }) => label === 'Compare films'));
    await executeCommand('mmoe.compareRuns', folders);
    assert.equal(compareTabs().length, 1);
  });

  it('of one comparison are called by its name, named by any of them', async () => {
    const comparison = { id: 'films-all', name: 'films: mmoe, omoe' };
    const folders = [await queued('films mmoe', comparison), await queued('films omoe', comparison)];
    await executeCommand('mmoe.compareRuns', folders[0]);
    await eventually('the tab', () => compareTabs().some(({ label }) => label === comparison.name));
  });

  it('are a thing with notes and tags, archived and deleted as one', async () => {
    const comparison = { id: 'films-all', name: 'films: mmoe, omoe' };
    const folders = [await queued('films mmoe', comparison), await queued('films omoe', comparison)];
    for (const folder of folders) end(folder);
    await executeCommand('mmoe.refresh');
    await executeCommand('mmoe.openComparison', comparison.id);
    await eventually('the tab', () => compareTabs().some(({ label }) => label === comparison.name));
    await executeCommand('mmoe.editComparisonNotes', comparison.id);
    const editor = await eventually('the notes', () =>
      vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'mmoe-notes'),
    );
    await eventually('the notes edited', async () =>
      editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'Both are slow.')),
    );
    await eventually('the notes saved', async () => editor.document.save());
    const all = async () => Promise.all((await runIds()).map((id) => manifest(id)));
    assert.deepEqual(
      (await all()).map((run) => [run.comparison?.notes, run.notes]),
      [
        ['Both are slow.', ''],
        ['Both are slow.', ''],
      ],
    );
    await executeCommand('mmoe.archiveComparison', comparison.id);
    assert.ok((await all()).every(({ archived }) => archived === true));
    await executeCommand('mmoe.unarchiveComparison', comparison.id);
    assert.ok((await all()).every(({ archived }) => archived === false));
    await executeCommand('mmoe.deleteComparison', comparison.id);
    assert.deepEqual(await runIds(), []);
    await eventually('no tab of it', () => compareTabs().length === 0);
  });

  it('go on where something is missing: what is gone is made again, and trained', async () => {
    await write('small.mmoe.json', smallExperiment);
    const program = join(vscode.extensions.getExtension('mmoe.mmoe')!.extensionPath, 'dist', 'cli.js');
    await promisify(execFile)(
      process.execPath,
      [program, 'compare', 'small.mmoe.json', '--variants', 'mmoe,omoe'],
      { cwd: workspaceFolder(), env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } },
    );
    const [kept, gone] = await runIds();
    const folderOf = (id: string | undefined): string => join(runsFolderFor(workspaceFolder()), id!);
    await rm(folderOf(gone), { recursive: true });
    await executeCommand('mmoe.resumeComparison', folderOf(kept));
    await eventually('a second run that has finished', async () => {
      const ids = await runIds();
      const other = ids.find((id) => id !== kept && !id.startsWith('.'));
      return other !== undefined && (await manifest(other)).status === 'finished';
    });
    assert.deepEqual(
      (await Promise.all((await runIds()).map((id) => manifest(id)))).map(({ name }) => name).sort(),
      ['small mmoe', 'small omoe'],
    );
  });
});
