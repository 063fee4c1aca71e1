import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually.mjs';
import { removeRuns, smallExperiment, write } from './workspace.js';

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
