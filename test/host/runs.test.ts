import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, readdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { runPaths, runsFolderFor } from '../../src/run/files/run-paths.js';
import { eventually } from '../eventually.mjs';
import { manifest, removeRuns, runIds, smallExperiment, workspaceFolder, write } from './workspace.js';

const { executeCommand } = vscode.commands;
const folderOf = (id: string): string => join(runsFolderFor(workspaceFolder()), id);
const runJson = (id: string): vscode.Uri => vscode.Uri.file(runPaths(folderOf(id)).manifest);
const withTraining = (training: object): string =>
  JSON.stringify({ ...(JSON.parse(smallExperiment) as object), training });
const longExperiment = withTraining({ epochs: 5000 });

/** A run that the command has started. */
async function started(experiment: string): Promise<string> {
  const before = await runIds();
  await executeCommand('mmoe.train', await write('runs.mmoe.json', experiment));
  return eventually('a run folder', async () => (await runIds()).find((id) => !before.includes(id)));
}

async function finished(): Promise<string> {
  const id = await started(smallExperiment);
  await eventually('the end of the run', async () => (await manifest(id)).status === 'finished');
  return id;
}

const running = (id: string): Promise<boolean> =>
  eventually('its training', async () => {
    const { status, epochs } = await manifest(id);
    return status === 'running' && epochs !== null && existsSync(runPaths(folderOf(id)).lastCheckpoint);
  });

const activeTab = (): unknown => vscode.window.tabGroups.activeTabGroup.activeTab?.input;

describe('a run in the editor', () => {
  afterEach(removeRuns);

  it('opens as charts, and as text when asked', async () => {
    const id = await finished();
    await executeCommand('workbench.action.closeAllEditors');
    await executeCommand('vscode.open', runJson(id));
    await eventually('the charts', () => {
      const input = activeTab();
      return (
        input instanceof vscode.TabInputCustom &&
        input.viewType === 'mmoe.run' &&
        input.uri.fsPath === runJson(id).fsPath
      );
    });
    await eventually(
      'its name on the tab',
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.label === 'runs · mmoe',
    );
    await executeCommand('mmoe.openRunJson', folderOf(id));
    await eventually('the text', () => activeTab() instanceof vscode.TabInputText);
  });

  it('is of the experiment in front, also while a panel has the focus', async () => {
    await vscode.window.showTextDocument(await write('runs.mmoe.json', smallExperiment));
    await executeCommand('mmoe.showOutput');
    await executeCommand('workbench.panel.output.focus');
    await eventually('the output', () => vscode.window.activeTextEditor?.document.uri.scheme === 'output');
    void executeCommand('mmoe.train');
    const [id] = await eventually('a run', async () => (await runIds()).length > 0 && runIds());
    await eventually('the end of the run', async () => (await manifest(id!)).status === 'finished');
    await executeCommand('workbench.action.closePanel');
  });

  it('is opened at an address that ends with its name, once, and leads to the next and the previous one', async () => {
    const [older, newer] = [await finished(), await finished()];
    await executeCommand('workbench.action.closeAllEditors');
    const shown = (): string | undefined => {
      const input = activeTab();
      return input instanceof vscode.TabInputCustom ? input.uri.path : undefined;
    };
    await executeCommand('mmoe.refresh');
    await executeCommand('mmoe.openRun', folderOf(newer));
    await eventually('its charts', () => shown() === `${folderOf(newer)}/runs · mmoe`);
    await executeCommand('vscode.open', runJson(older));
    await eventually('the charts of the other', () => shown() === runJson(older).path);
    await executeCommand('mmoe.openRun', folderOf(older));
    await executeCommand('mmoe.openRun', folderOf(newer));
    await eventually('its charts again', () => shown() === `${folderOf(newer)}/runs · mmoe`);
    assert.equal(vscode.window.tabGroups.activeTabGroup.tabs.length, 2);
    await executeCommand('mmoe.nextRun');
    await eventually('the run below it', () => shown() === runJson(older).path);
    await executeCommand('mmoe.previousRun');
    await eventually('the run above that', () => shown() === `${folderOf(newer)}/runs · mmoe`);
  });

  it('leaves the choice of another to the person', async () => {
    const [one, other] = [await finished(), await finished()];
    await executeCommand('workbench.action.closeAllEditors');
    const isOpen = (id: string): boolean => {
      const input = activeTab();
      return input instanceof vscode.TabInputCustom && dirname(input.uri.fsPath) === folderOf(id);
    };
    await executeCommand('vscode.open', runJson(one));
    await eventually('the charts of one', () => isOpen(one));
    let isAsking = false;
    await eventually('the charts of the other, which is the first in the list', async () => {
      // Charts that appear only now take the focus, and the list closes.
      if (!isAsking) void executeCommand('mmoe.openRun').then(() => (isAsking = false));
      isAsking = true;
      await executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return isOpen(other);
    });
  });

  it('is starred and unstarred', async () => {
    const id = await finished();
    await executeCommand('mmoe.star', folderOf(id));
    assert.equal((await manifest(id)).starred, true);
    await executeCommand('mmoe.unstar', folderOf(id));
    assert.equal((await manifest(id)).starred, false);
  });

  it('keeps notes that are written like a document', async () => {
    const id = await finished();
    await executeCommand('mmoe.editNotes', folderOf(id));
    const editor = await eventually('the notes', () =>
      vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'mmoe-notes'),
    );
    for (const text of ['The first.\n', 'And a second, after saving.\n']) {
      // The editor refuses an edit of a version that it has gone on from, as when it looks at the file again
      // after a save.
      await eventually(`"${text}" in the notes`, async () =>
        editor.edit((edit) =>
          edit.insert(editor.document.lineAt(editor.document.lineCount - 1).range.end, text),
        ),
      );
      // The editor refuses a save while its auto-save, which a browser has on by default, is at work.
      await eventually(`"${text}" saved`, async () => editor.document.save());
    }
    assert.equal((await manifest(id)).notes, 'The first.\nAnd a second, after saving.\n');
  });

  it('goes to the trash of the workspace, its tab closed', async () => {
    const id = await finished();
    await eventually('the charts', () => activeTab() instanceof vscode.TabInputCustom);
    await executeCommand('mmoe.delete', folderOf(id));
    assert.deepEqual(await runIds(), []);
    assert.ok(!(activeTab() instanceof vscode.TabInputCustom), 'the deleted run is still shown');
    const trashed = await readdir(join(workspaceFolder(), '.mmoe/trash'));
    assert.ok(
      trashed.some((name) => name.startsWith(`${id}~`)),
      trashed.join(),
    );
  });

  it('is stopped with a checkpoint, and goes on from there', async () => {
    const id = await started(longExperiment);
    await running(id);
    await executeCommand('mmoe.stop', folderOf(id));
    await eventually('the stop', async () => (await manifest(id)).status === 'stopped');
    const { seconds } = (await manifest(id)).times;
    await executeCommand('mmoe.resume', folderOf(id));
    await eventually(
      'more training',
      async () => (await manifest(id)).status === 'running' && (await manifest(id)).times.seconds > seconds,
    );
    await executeCommand('mmoe.stop', folderOf(id));
    await eventually('the second stop', async () => (await manifest(id)).status === 'stopped');
  });

  it('is not deleted while it trains', async () => {
    const id = await started(longExperiment);
    await running(id);
    await executeCommand('mmoe.delete', folderOf(id));
    assert.deepEqual(await runIds(), [id]);
    await executeCommand('mmoe.stop', folderOf(id));
    await eventually('the stop', async () => (await manifest(id)).status === 'stopped');
  });

  it('is run again as it was, though its file says something else by now', async () => {
    const id = await finished();
    await write('runs.mmoe.json', withTraining({ epochs: 1, learningRate: 0.5 }));
    await executeCommand('mmoe.runAgain', folderOf(id));
    const again = await eventually('another run', async () => (await runIds()).find((other) => other !== id));
    await eventually('its end', async () => (await manifest(again)).status === 'finished');
    assert.deepEqual((await manifest(again)).experiment, (await manifest(id)).experiment);
    assert.deepEqual((await manifest(again)).summary, (await manifest(id)).summary);
  });

  it('is trained with unsaved changes saved first', async () => {
    const uri = await write('dirty.mmoe.json', longExperiment);
    const editor = await vscode.window.showTextDocument(uri);
    const at = editor.document.getText().indexOf('5000');
    await editor.edit((edit) =>
      edit.replace(new vscode.Range(editor.document.positionAt(at), editor.document.positionAt(at + 4)), '2'),
    );
    assert.equal(editor.document.isDirty, true);
    await executeCommand('mmoe.train');
    const [id] = await runIds();
    assert.ok(id !== undefined, 'no run');
    await eventually('its end', async () => (await manifest(id)).status === 'finished');
    assert.equal((await manifest(id)).epochs, 2);
    await unlink(uri.fsPath);
  });

  it('has a log that opens', async () => {
    const id = await finished();
    await executeCommand('mmoe.openLog', folderOf(id));
    const editor = await eventually('the log', () =>
      vscode.window.visibleTextEditors.find(({ document }) => document.fileName.endsWith('log.txt')),
    );
    assert.equal(editor.document.getText(), await readFile(runPaths(folderOf(id)).log, 'utf8'));
  });
});

describe('an experiment that cannot be trained', () => {
  afterEach(removeRuns);

  it('makes no run when its file has errors', async () => {
    await executeCommand(
      'mmoe.train',
      await write('bad.mmoe.json', '{ "data": { "source": 3 }, "tasks": [] }'),
    );
    assert.deepEqual(await runIds(), []);
  });
});

describe('the mmoe task', () => {
  afterEach(removeRuns);

  it('trains with the settings that it names', async () => {
    await write('task.mmoe.json', smallExperiment);
    const tasks = await eventually('the task', async () => {
      const all = await vscode.tasks.fetchTasks({ type: 'mmoe' });
      const found = all.filter(({ definition }) => definition['experiment'] === 'task.mmoe.json');
      return found.length > 0 && found;
    });
    assert.equal(tasks.length, 1);
    const ended = new Promise<number | undefined>((resolve) => {
      const listening = vscode.tasks.onDidEndTaskProcess(({ exitCode }) => {
        listening.dispose();
        resolve(exitCode);
      });
    });
    await vscode.tasks.executeTask(tasks[0]!);
    assert.equal(await ended, 0);
    const [id] = await runIds();
    assert.ok(id !== undefined, 'no run');
    assert.equal((await manifest(id)).status, 'finished');
  });
});
