import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { runsFolderFor } from '../../src/run/files/run-paths.js';
import { eventually } from '../eventually.mjs';
import { manifest, removeRuns, runIds, smallExperiment, workspaceFolder, write } from './workspace.js';

async function open(path: string, text: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(await write(path, text));
  await vscode.window.showTextDocument(document);
  return document;
}

async function completions(document: vscode.TextDocument, before: string): Promise<string[]> {
  const position = document.positionAt(document.getText().indexOf(before) + before.length);
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    position,
  );
  return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

describe('an experiment file in the editor', () => {
  afterEach(removeRuns);

  it('allows comments and trailing commas', async () => {
    const { languageId } = await open('comments.mmoe.json', `// words\n${smallExperiment}`);
    assert.equal(languageId, 'jsonc');
  });

  it('completes settings and their values from the schema', async () => {
    const text = '{ "data": { "source": "a.csv" }, "tasks": [{ "label": "y" }], "model": { "variant": "" } }';
    const document = await open('variant.mmoe.json', text);
    const values = await eventually('completion of the variant', async () => {
      const labels = await completions(document, '"variant": "');
      return labels.some((label) => label.includes('shared-bottom')) && labels;
    });
    assert.ok(values.some((label) => label.includes('omoe')));
  });

  it('completes column names from the data', async () => {
    await write('films.csv', 'price,minutes,bought\n1,90,0\n2,100,1\n3,80,0\n');
    const document = await open(
      'films.mmoe.json',
      '{ "data": { "source": "films.csv" }, "tasks": [{ "label": "" }] }',
    );
    await eventually('completion of the label', async () =>
      (await completions(document, '"label": "')).some((label) => label.includes('bought')),
    );
  });

  it('completes the run that training starts from, by its name', async () => {
    const before = await runIds();
    await vscode.commands.executeCommand('mmoe.train', await write('first.mmoe.json', smallExperiment));
    const id = await eventually('a run', async () => (await runIds()).find((one) => !before.includes(one)));
    await eventually('its end', async () => (await manifest(id)).status === 'finished');
    const text = smallExperiment.replace('"epochs"', '"from": "", "epochs"');
    const document = await open('second.mmoe.json', text);
    const position = document.positionAt(text.indexOf('"from": "') + '"from": "'.length);
    const item = await eventually('completion of the run', async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        position,
      );
      return list.items.find(({ insertText }) => insertText === JSON.stringify(id));
    });
    assert.match(typeof item.label === 'string' ? item.label : item.label.label, /first.*mmoe/);
    assert.equal(document.getText(item.range instanceof vscode.Range ? item.range : undefined), '""');
  });

  it('starts from a run by the run’s menu, as an edit that can be undone', async () => {
    const before = await runIds();
    await vscode.commands.executeCommand('mmoe.train', await write('first.mmoe.json', smallExperiment));
    const id = await eventually('a run', async () => (await runIds()).find((one) => !before.includes(one)));
    await eventually('its end', async () => (await manifest(id)).status === 'finished');
    const done = vscode.commands.executeCommand(
      'mmoe.startFromRun',
      join(runsFolderFor(workspaceFolder()), id),
    );
    const document = await eventually('the copy', async () => {
      // The first of what is offered; nothing happens as long as nothing is.
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      const document = vscode.window.activeTextEditor?.document;
      return document?.getText().includes(id) === true && document;
    });
    assert.equal(await done, true);
    assert.match(basename(document.fileName), /^first-from-.*mmoe\.json$/);
    const written = JSON.parse(document.getText()) as { training: { from: string } };
    assert.equal(written.training.from, id);
    assert.equal(document.getText(vscode.window.activeTextEditor!.selection), JSON.stringify(id));
    assert.ok(document.isDirty);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), smallExperiment);
    await document.save();
    await vscode.workspace.fs.delete(document.uri);
  });

  it('offers newer defaults to a file that says none', async () => {
    const document = await open(
      'older.mmoe.json',
      '// a table\n{\n  "data": { "source": "a.csv" },\n  "tasks": [{ "label": "y" }]\n}\n',
    );
    const [action] = await eventually('the offer', async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        new vscode.Range(0, 0, 0, 0),
      );
      const offers = actions.filter(({ title }) => title.includes('"defaults": 2'));
      return offers.length > 0 && offers;
    });
    assert.ok(action!.edit !== undefined && (await vscode.workspace.applyEdit(action!.edit)));
    assert.match(document.getText(), /^\/\/ a table\n\{\n {2}"defaults": 2,\n {2}"data"/);
    await document.save();
  });

  it('marks what is wrong', async () => {
    const document = await open(
      'wrong.mmoe.json',
      '{ "data": { "source": "a.csv" }, "tasks": [{ "label": "y" }], "modle": {} }',
    );
    const found = await eventually('a problem', () => {
      const problems = vscode.languages.getDiagnostics(document.uri);
      return problems.some(({ range }) => document.getText(range).includes('modle')) && problems;
    });
    const said = found.filter(({ range }) => document.getText(range).includes('modle'));
    assert.deepEqual(
      said.map(({ severity }) => severity),
      [vscode.DiagnosticSeverity.Error],
    );
    assert.match(said[0]!.message, /model/);
  });

  it('marks a table that cannot be read where the file names it', async () => {
    await write('torn.csv', `a,y\n${'1,0\n2,1\n'.repeat(20)}3,0,9\n`);
    const document = await open(
      'torn.mmoe.json',
      '// the first line\n{\n"data": { "source": "torn.csv" },\n"tasks": [{ "label": "y" }]\n}',
    );
    const [problem] = await eventually('a problem', () => {
      const problems = vscode.languages.getDiagnostics(document.uri);
      return problems.length > 0 && problems;
    });
    assert.equal(document.getText(problem!.range), '"torn.csv"');
    assert.match(problem!.message, /^torn\.csv:42: /);
    const [line] = problem!.relatedInformation ?? [];
    assert.equal(line?.location.range.start.line, 41);
  });

  it('says what a setting means on hover', async () => {
    const document = await open('hover.mmoe.json', smallExperiment);
    const position = document.positionAt(document.getText().indexOf('"dimensions"') - 5);
    await eventually('a hover text', async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        position,
      );
      return hovers.some(({ contents }) => contents.length > 0);
    });
  });

  it('has Train and Train all variants above it', async () => {
    const document = await open('lens.mmoe.json', smallExperiment);
    const titles = await eventually('lenses', async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        10,
      );
      const found = lenses.map(({ command }) => command?.title ?? '');
      return found.length >= 2 && found;
    });
    assert.match(titles.join(' | '), /Train.*\|.*Train all variants/i);
  });

  it('is offered as a task', async () => {
    await write('task.mmoe.json', smallExperiment);
    await eventually('a task of type mmoe for it', async () => {
      const tasks = await vscode.tasks.fetchTasks({ type: 'mmoe' });
      return tasks.some(({ definition }) => definition['experiment'] === 'task.mmoe.json');
    });
  });
});
