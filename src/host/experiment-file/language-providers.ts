import * as vscode from 'vscode';
import { workspaceOf } from '../../experiment/load.js';
import { t } from '../editor/localise.js';
import { hasWeights, isReadable, type RunCollection } from '../runs/run-collection.js';
import { runDescription } from '../runs/run-description.js';
import { sqlName } from '../../shared/sql.js';
import { columnDetail, columnMarkdown } from './column-text.js';
import { caretAt, newerDefaultsEdits, stringAt, taskNames } from './document-syntax.js';
import type { DescribedTables } from './described-tables.js';

/** Selects experiment files on disk. An untitled one has no folder that its source could lie beside. */
export const experimentSelector: vscode.DocumentSelector = { scheme: 'file', pattern: '**/*.mmoe.json' };

/**
 * Completes names of columns from the data in `columns`, labels, the weight and conditions, and names of
 * tasks in `stopEarly.task`, values of a label in `positive`.
 */
export class ColumnCompletion implements vscode.CompletionItemProvider {
  constructor(private readonly tables: DescribedTables) {}

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
      // The editor matches what is typed against the whole token that is replaced, which begins with a quote.
      made.filterText = JSON.stringify(value);
      if (range !== undefined) made.range = range;
      return made;
    };
    if (caret.place.kind === 'elsewhere' || caret.place.kind === 'run') return [];
    if (caret.place.kind === 'task-name')
      return taskNames(text).map((name) => item(name, name, vscode.CompletionItemKind.EnumMember));
    const table = await this.tables.of(document.uri.fsPath, text);
    if (table === null) return [];
    if (caret.place.kind === 'label-value') {
      const { label } = caret.place;
      const values = table.columns.find(({ name }) => name === label)?.top ?? [];
      return values.map(({ value }) => item(value, value, vscode.CompletionItemKind.Value));
    }
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

/** Completes the run that training starts from, among those of the same workspace that have weights. */
export class RunCompletion implements vscode.CompletionItemProvider {
  constructor(
    private readonly runs: RunCollection,
    private readonly loaded: () => Promise<void>,
  ) {}

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    const { place, token } = caretAt(document.getText(), document.offsetAt(position));
    if (place.kind !== 'run') return [];
    await this.loaded();
    const workspace = workspaceOf(document.uri.fsPath);
    const own = this.runs.runs
      .filter(isReadable)
      .filter((run) => run.workspace === workspace && hasWeights(run));
    return own.map((run, index) => {
      const { id } = run.entry;
      const name = this.runs.names.full(run);
      const made = new vscode.CompletionItem(
        { label: name, description: id },
        vscode.CompletionItemKind.Reference,
      );
      made.insertText = JSON.stringify(id);
      // What is typed may be the name or the id; the newest are on top.
      made.filterText = JSON.stringify(`${name} ${id}`);
      made.sortText = String(index).padStart(6, '0');
      made.detail = runDescription(run.entry);
      if (token !== null)
        made.range = new vscode.Range(
          document.positionAt(token.offset),
          document.positionAt(token.offset + token.length),
        );
      return made;
    });
  }
}

/** Selects study files on disk. */
export const studySelector: vscode.DocumentSelector = { scheme: 'file', pattern: '**/*.study.json' };

/** Offers to train a study, and to show it, above its first line. */
export class StudyLenses implements vscode.CodeLensProvider {
  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    return [
      new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
        title: `$(run-all) ${t('Train study')}`,
        tooltip: t('Train what is missing of this study, in a terminal'),
        command: 'mmoe.trainStudy',
        arguments: [document.uri],
      }),
      new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
        title: `$(graph-scatter) ${t('Open study')}`,
        tooltip: t('Show what has come out so far'),
        command: 'mmoe.openStudy',
        arguments: [document.uri],
      }),
    ];
  }
}

/** Tells the kind, the range and the most frequent values of the column under the pointer. */
export class ColumnHover implements vscode.HoverProvider {
  constructor(private readonly tables: DescribedTables) {}

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

/** Offers `"defaults": 2` to experiments that do not say which defaults they have. */
export class NewerDefaults implements vscode.CodeActionProvider {
  static readonly kind = vscode.CodeActionKind.RefactorRewrite;

  provideCodeActions(document: vscode.TextDocument): vscode.CodeAction[] {
    const edits = newerDefaultsEdits(document.getText(), 2, true);
    if (edits === null) return [];
    const action = new vscode.CodeAction(
      t('Let "defaults": 2 choose encodings, sizes and training by the table'),
      NewerDefaults.kind,
    );
    action.edit = new vscode.WorkspaceEdit();
    for (const { offset, length, content } of edits)
      action.edit.replace(
        document.uri,
        new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)),
        content,
      );
    return [action];
  }
}

/** Shows `Train | Train all variants` above the first line. */
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
