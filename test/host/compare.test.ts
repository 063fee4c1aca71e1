import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
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
