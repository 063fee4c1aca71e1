import * as vscode from 'vscode';
import type { CommandId, ContextKeys } from './contributions.js';
import { settings, type SettingId, type SettingValue } from './settings-table.js';

/** The editor’s interfaces that take names as strings, typed by the tables of contributions. */

export function setContext<Key extends keyof ContextKeys>(
  key: Key,
  value: ContextKeys[Key],
): Thenable<unknown> {
  return vscode.commands.executeCommand('setContext', key, value);
}

export function readSetting<Id extends SettingId>(id: Id): SettingValue<Id> {
  return vscode.workspace
    .getConfiguration()
    .get<SettingValue<Id>>(id, settings[id].default as SettingValue<Id>);
}

export function execute(command: CommandId, ...args: readonly unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(command, ...args);
}
