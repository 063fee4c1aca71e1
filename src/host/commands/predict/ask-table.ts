import * as vscode from 'vscode';
import { t } from '../../editor/localise.js';
import { plainText } from '../../editor/plain-text.js';
import { pickTable } from '../../new-experiment/choose-table.js';
import type { ReadableRun } from '../../runs/run-collection.js';
import type { TableToPredict } from './ask-prediction.js';

interface AskTable {
  /** The run whose own table is offered. */
  readonly own: ReadableRun;
  /** The last query is kept here. */
  readonly memory: vscode.Memento;
  /** A query that the program has refused, to be corrected; null: nothing was asked yet. */
  readonly refused: { readonly query: string; readonly why: string } | null;
}

const queryKey = 'mmoe.predictQuery';

/** Asks for a table of the workspace, any other, the run's own, or a query; undefined: the person gave up. */
export async function askTable({ own, memory, refused }: AskTable): Promise<TableToPredict | undefined> {
  if (refused !== null) return askQuery(memory, refused.query, refused.why);
  const itsOwn = {
    label: `$(history) ${t('The table that it was trained on')}`,
    description: plainText(own.entry.manifest.data?.source ?? ''),
  };
  const query = { label: `$(database) ${t('A query…')}`, description: t('in DuckDB’s SQL') };
  const picked = await pickTable(t('Predict'), [itsOwn, query]);
  if (picked instanceof vscode.Uri) return { kind: 'file', path: picked.fsPath };
  if (picked === query) return askQuery(memory, memory.get<string>(queryKey) ?? '', null);
  return picked === itsOwn ? { kind: 'own' } : undefined;
}

async function askQuery(
  memory: vscode.Memento,
  value: string,
  why: string | null,
): Promise<TableToPredict | undefined> {
  const sql = await inputQuery(value, why);
  if (sql === undefined) return undefined;
  await memory.update(queryKey, sql);
  return { kind: 'query', sql };
}

/** Asks for a query; what is wrong with the last one stands below it until it is changed. */
function inputQuery(value: string, why: string | null): Promise<string | undefined> {
  return new Promise((resolve) => {
    const input = vscode.window.createInputBox();
    input.title = t('Predict the rows of a query');
    input.prompt = t('DuckDB’s SQL, with paths from the workspace folder');
    input.placeholder = "select * from 'new.csv' where day = '2026-01-01'";
    input.ignoreFocusOut = true;
    input.value = value;
    input.validationMessage = why ?? undefined;
    let given: string | undefined;
    input.onDidChangeValue(() => (input.validationMessage = undefined));
    input.onDidAccept(() => {
      if (input.value.trim() === '') {
        input.validationMessage = t('Write a query, or press Escape.');
        return;
      }
      given = input.value;
      input.hide();
    });
    input.onDidHide(() => {
      input.dispose();
      resolve(given);
    });
    input.show();
  });
}
