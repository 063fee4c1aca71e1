import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { createRunFolder } from '../../src/run/create-run.js';
import { runsFolderFor } from '../../src/run/run-paths.js';
import { eventually } from '../eventually.mjs';
import { removeRuns, workspaceFolder } from './workspace.js';

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
});
