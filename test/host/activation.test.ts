import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { note } from './note.js';
import { eventually } from '../eventually.mjs';

const manifestSchema = v.object({
  contributes: v.object({
    commands: v.array(v.object({ command: v.string(), title: v.string() })),
    views: v.record(v.string(), v.array(v.object({ id: v.string() }))),
  }),
});

function installed(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('mmoe.mmoe');
  assert.ok(extension, 'the extension is not installed');
  return extension;
}

describe('the installed extension', () => {
  it('is the package, and not the checkout', () => {
    assert.match(installed().extensionPath, /\/ext\/mmoe\.mmoe-/);
  });

  it('activates', async () => {
    await installed().activate();
    assert.equal(installed().isActive, true);
  });

  it('is listed with its times in VS Code’s own startup report', async () => {
    await installed().activate();
    await vscode.commands.executeCommand('perfview.show');
    const row = await eventually('a row of the report', () => {
      const report = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'perf');
      return report
        ?.getText()
        .split('\n')
        .find((line) => line.includes('mmoe.mmoe'));
    });
    note(
      'activation (id, eager, load code ms, call activate ms, finish ms, event, by): ' +
        row.replaceAll(/\s*\|\s*/g, ' ').trim(),
    );
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('registers every command that it contributes', async () => {
    await installed().activate();
    const { contributes } = v.parse(manifestSchema, installed().packageJSON);
    const registered = await vscode.commands.getCommands(true);
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).filter((command) => !registered.includes(command)),
      [],
    );
  });

  it('has a text for every title', () => {
    const { contributes } = v.parse(manifestSchema, installed().packageJSON);
    assert.deepEqual(
      contributes.commands.filter(({ title }) => title === '' || title.startsWith('%')),
      [],
    );
  });
});
