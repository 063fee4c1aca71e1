import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { DescribeReport } from '../../shared/messages/reports.js';
import { errorText } from '../editor/error-text.js';
import { t } from '../editor/localise.js';
import { plainText } from '../editor/plain-text.js';
import type { Program } from '../program/program.js';
import { describeTable } from '../program/questions.js';

const tablePatterns = '**/*.{csv,tsv,parquet,jsonl,ndjson,csv.gz,tsv.gz,jsonl.gz,ndjson.gz}';
const maxTables = 200;

/**
 * Lets a person pick a table of the workspace, or any other, besides `others`. Returns undefined if the person
 * gave up.
 */
export async function pickTable<Other extends vscode.QuickPickItem>(
  title: string,
  others: readonly Other[],
): Promise<vscode.Uri | Other | undefined> {
  const found = await vscode.workspace.findFiles(tablePatterns, '**/{node_modules,.mmoe}/**', maxTables);
  const items = found
    .map((uri) => ({ label: plainText(vscode.workspace.asRelativePath(uri)), uri }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const other = { label: `$(folder-opened) ${t('Another file or folder…')}`, uri: null };
  const list: (vscode.QuickPickItem & { uri?: vscode.Uri | null })[] = [...others, ...items, other];
  const picked = await vscode.window.showQuickPick(list, { title, placeHolder: t('Which table?') });
  if (picked === undefined) return undefined;
  const own = others.find((one) => one === picked);
  if (own !== undefined) return own;
  if (picked.uri !== null) return picked.uri;
  const opened = await vscode.window.showOpenDialog({
    canSelectFiles: true,
    canSelectFolders: true,
    openLabel: t('Choose'),
  });
  return opened?.[0];
}

/** Describes the table. Returns null if that fails, which the person is told, or if the person cancels. */
export async function describe(program: Program, table: vscode.Uri): Promise<DescribeReport | null> {
  const abort = new AbortController();
  try {
    return await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: t('Reading {0}…', basename(table.fsPath)),
        cancellable: true,
      },
      (_progress, token) => {
        token.onCancellationRequested(() => abort.abort());
        return describeTable(table.fsPath, { program, folder: dirname(table.fsPath), signal: abort.signal });
      },
    );
  } catch (error) {
    if (!abort.signal.aborted) {
      const reason = errorText(error);
      void vscode.window.showErrorMessage(t('{0} cannot be read: {1}', basename(table.fsPath), reason));
    }
    return null;
  }
}
