import * as vscode from 'vscode';
import { t } from '../editor/localise.js';
import { sqlName } from '../../shared/sql.js';
import { columnDetail, columnMarkdown } from './column-text.js';
import { caretAt, stringAt, taskNames } from './document-syntax.js';
import type { Tables } from './described-tables.js';

/** Experiment files on disk; an untitled one has no folder that its source could lie beside. */
export const experimentSelector: vscode.DocumentSelector = { scheme: 'file', pattern: '**/*.mmoe.json' };

/**
 * Names of columns and tasks, from the data: in `columns`, labels, the weight, conditions and
 * `stopEarly.task`.
 */
export class ColumnCompletion implements vscode.CompletionItemProvider {
  constructor(private readonly tables: Tables) {}

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    const text = document.getText();
    const caret = caretAt(text, document.offsetAt(position));
    const range =
      caret.token === null
        ? undefined
        : new vscode.Range(
            document.positionAt(caret.token.offset),
            document.positionAt(caret.token.offset + caret.token.length),
          );
    const item = (value: string, label: string, kind: vscode.CompletionItemKind): vscode.CompletionItem => {
      const made = new vscode.CompletionItem(label, kind);
      made.insertText = JSON.stringify(value);
      // The token that is replaced begins with a quote, and what is typed is matched against the whole of it.
      made.filterText = JSON.stringify(value);
      if (range !== undefined) made.range = range;
      return made;
    };
    if (caret.place.kind === 'elsewhere') return [];
    if (caret.place.kind === 'task-name')
      return taskNames(text).map((name) => item(name, name, vscode.CompletionItemKind.EnumMember));
    const table = await this.tables.of(document.uri.fsPath, text);
    if (table === null) return [];
    const isKey = caret.place.kind === 'column-key';
    const used = caret.place.kind === 'column-key' ? caret.place.used : [];
    return table.columns
      .filter((column) => !isKey || !used.includes(column.name))
      .map((column, index) => {
        const made = item(
          isKey ? column.name : sqlName(column.name),
          column.name,
          vscode.CompletionItemKind.Field,
        );
        made.detail = columnDetail(column);
        made.documentation = new vscode.MarkdownString(columnMarkdown(column, table));
        made.sortText = String(index).padStart(5, '0');
        return made;
      });
  }
}

/** On a column's name: its kind, range and most frequent values. */
export class ColumnHover implements vscode.HoverProvider {
  constructor(private readonly tables: Tables) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const text = document.getText();
    const found = stringAt(text, document.offsetAt(position));
    if (found === null || (found.place.kind !== 'column-key' && found.place.kind !== 'column-value'))
      return undefined;
    const table = await this.tables.of(document.uri.fsPath, text);
    const names = new Set(
      found.value
        .match(/"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_]*/gu)
        ?.map((name) => name.replace(/^"|"$/g, '').replaceAll('""', '"')),
    );
    const columns = (table?.columns ?? []).filter(
      (column) => column.name === found.value || names.has(column.name),
    );
    if (table === null || columns.length === 0) return undefined;
    return new vscode.Hover(
      columns.map((column) => new vscode.MarkdownString(columnMarkdown(column, table))),
      new vscode.Range(document.positionAt(found.offset), document.positionAt(found.offset + found.length)),
    );
  }
}

/** `Train | Train all variants` on the first line. */
export class TrainLenses implements vscode.CodeLensProvider {
  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const top = new vscode.Range(0, 0, 0, 0);
    return [
      new vscode.CodeLens(top, {
        title: `$(play) ${t('Train')}`,
        tooltip: t('Train the model that this file describes'),
        command: 'mmoe.train',
        arguments: [document.uri],
      }),
      new vscode.CodeLens(top, {
        title: t('Train all variants'),
        tooltip: t('Choose variants and train them on the same rows'),
        command: 'mmoe.trainAllVariants',
        arguments: [document.uri],
      }),
    ];
  }
}
