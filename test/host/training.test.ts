import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually.mjs';
import { manifest, removeRuns, runIds, smallExperiment, workspaceFolder, write } from './workspace.js';

function runTabs(): string[] {
  const inputs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).map((tab) => tab.input);
  return inputs.flatMap((input) =>
    input instanceof vscode.TabInputCustom && input.viewType === 'mmoe.run' ? [input.uri.fsPath] : [],
  );
}

describe('training from the editor', () => {
  afterEach(removeRuns);

  it('makes the run folder at once, opens its charts and finishes', async () => {
    const experiment = await write('small.mmoe.json', smallExperiment);
    await vscode.commands.executeCommand('mmoe.train', experiment);
    const id = await eventually('a run folder', async () => (await runIds())[0]);
    await eventually('the charts in a tab', () => runTabs().some((path) => path.includes(id)));
    await eventually('the end of the run', async () => (await manifest(id)).status === 'finished');
    const { experimentFile, summary } = await manifest(id);
    assert.equal(experimentFile, 'small.mmoe.json');
    assert.ok((summary?.test?.['first']?.['r2'] ?? Number.NaN) > 0, 'the first task learned nothing');
  });

  it('leaves no run behind when the data is not there', async () => {
    const experiment = await write(
      'broken.mmoe.json',
      JSON.stringify({ data: { source: 'nowhere.csv' }, tasks: [{ label: 'y' }] }),
    );
    // The run is queued, and its program started, when the command is done.
    await vscode.commands.executeCommand('mmoe.train', experiment);
    await eventually('no run folder any more', async () => (await runIds()).length === 0);
  });

  it('trains a study in a terminal, each training to a line', async () => {
    await write('small.mmoe.json', smallExperiment);
    const study = { base: 'small.mmoe.json', vary: { 'training.epochs': [1, 2] }, seeds: 2 };
    const file = await write('epochs.study.json', JSON.stringify(study));
    await vscode.commands.executeCommand('mmoe.trainStudy', file);
    await eventually('a task that runs', () =>
      vscode.tasks.taskExecutions.some(({ task }) => task.name === 'Study epochs'),
    );
    const runs = join(workspaceFolder(), '.mmoe', 'studies', 'epochs', 'runs.jsonl');
    const lines = async () => (await readFile(runs, 'utf8').catch(() => '')).split('\n').length - 1;
    await eventually('a line for each of its trainings', async () => (await lines()) === 4);
    await eventually('its end', () => vscode.tasks.taskExecutions.length === 0);
    assert.deepEqual(await runIds(), []);
    const pages = () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .filter(({ input }) => input instanceof vscode.TabInputCustom && input.viewType === 'mmoe.study');
    await eventually('its page, by its name', () => pages().some(({ label }) => label === 'epochs'));

    const folder = join(workspaceFolder(), '.mmoe', 'studies', 'epochs');
    const key = /"key":"(\w+)"/.exec(await readFile(runs, 'utf8'))![1]!;
    await vscode.commands.executeCommand('mmoe.openStudyLine', folder, key);
    await eventually('a run of one of its lines', async () => (await runIds()).length === 1);
    await eventually('the end of that', () => vscode.tasks.taskExecutions.length === 0);
    // Whatever anybody writes into a page is no part of a command line.
    await vscode.commands.executeCommand('mmoe.openStudyLine', folder, '--help');
    assert.equal(vscode.tasks.taskExecutions.length, 0);

    await vscode.commands.executeCommand('mmoe.deleteStudy', folder);
    await eventually('its page closed', () => pages().length === 0);
    assert.equal(existsSync(folder), false);
  });
});
