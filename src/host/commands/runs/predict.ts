import { basename, dirname, extname, join } from 'node:path';
import * as vscode from 'vscode';
import { trimmedEnd } from '../../../shared/trim.js';
import { t } from '../../editor/localise.js';
import { plainText } from '../../editor/plain-text.js';
import { mayTrain } from '../../editor/trust.js';
import { describe, pickTable } from '../../new-experiment/choose-table.js';
import type { Command, ExtensionParts } from '../../parts.js';
import { ask, errorsIn } from '../../program/program.js';
import { isReadable, type ReadableRun } from '../../runs/run-collection.js';
import { runDescription } from '../../runs/run-description.js';
import { chooseRuns } from './choose-run.js';

/**
 * Predicts a table with one run or the mean of several: on runs it asks for the table, on a table for the runs;
 * then which columns to carry along, and where the predictions go, which are opened.
 */
export const predict: Command =
  (parts) =>
  async (...args) => {
    if (!mayTrain()) return;
    const [first] = args;
    const given = first instanceof vscode.Uri && basename(first.path) !== 'run.json' ? first : null;
    const runs = given === null ? await runsOf(parts, args) : await pickRuns(parts);
    if (runs.length === 0) return;
    const table = given ?? (await askTable(runs));
    if (table === undefined) return;
    const keep = table === 'own' ? [] : await askKeep(parts, table);
    if (keep === undefined) return;
    const out = await vscode.window.showSaveDialog({
      title: t('Predictions'),
      defaultUri: vscode.Uri.file(predictionsFile(table === 'own' ? runs[0]!.workspace : table.fsPath)),
      filters: { CSV: ['csv'], Parquet: ['parquet'] },
    });
    if (out === undefined) return;
    const said = await run(parts, { runs, table, keep, out: out.fsPath });
    if (said === null) return;
    // Parquet is for programs; the editor has nothing to show it with.
    if (extname(out.path) === '.csv') await vscode.commands.executeCommand('vscode.open', out);
    void vscode.window.showInformationMessage(plainText(said));
  };

const hasWeights = (run: ReadableRun): boolean => (run.entry.manifest.summary?.bestEpoch ?? null) !== null;

const runsOf = (parts: ExtensionParts, args: readonly unknown[]): Promise<ReadableRun[]> =>
  chooseRuns(parts, args, {
    placeholder: t('Predict with which run?'),
    none: t('No run has been trained yet.'),
    refuse: (one) =>
      hasWeights(one) ? null : t('{0} has no weights yet. Let it train first.', parts.runs.names.full(one)),
  });

/** Lets a person pick the runs to predict a table with; the mean of several is taken. */
async function pickRuns(parts: ExtensionParts): Promise<ReadableRun[]> {
  await parts.loaded();
  const items = parts.runs.runs
    .filter(isReadable)
    .filter(hasWeights)
    .map((one) => ({
      label: plainText(parts.runs.names.full(one)),
      description: runDescription(one.entry),
      run: one,
    }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(t('No run has been trained yet.'));
    return [];
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Predict'),
    canPickMany: true,
    placeHolder: t('With which run? Of several the mean is taken.'),
    matchOnDescription: true,
  });
  return picked?.map((item) => item.run) ?? [];
}

/** `own`: the table that the run was trained on. */
type Table = vscode.Uri | 'own';

async function askTable(runs: readonly ReadableRun[]): Promise<Table | undefined> {
  const own = {
    label: `$(history) ${t('The table that it was trained on')}`,
    description: plainText(runs[0]!.entry.manifest.data?.source ?? ''),
  };
  const picked = await pickTable(t('Predict'), [own]);
  return picked === own ? 'own' : picked instanceof vscode.Uri ? picked : undefined;
}

/** Asks which columns to write beside the predictions; undefined: the person gave up. */
async function askKeep(parts: ExtensionParts, table: vscode.Uri): Promise<string[] | undefined> {
  const report = await describe(parts.program(), table);
  if (report === null) return undefined;
  const items = report.columns
    .filter(({ name }) => !name.includes(','))
    .map(({ name, type }) => ({ label: plainText(name), description: type, name }));
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Predict {0}', basename(table.fsPath)),
    canPickMany: true,
    placeHolder: t('Which columns to carry along, such as keys? None is fine.'),
  });
  return picked?.map(({ name }) => name);
}

interface Prediction {
  readonly runs: readonly ReadableRun[];
  readonly table: Table;
  readonly keep: readonly string[];
  readonly out: string;
}

/** Returns what the program says of the predictions that it has written; null: it was cancelled, or failed. */
async function run(parts: ExtensionParts, prediction: Prediction): Promise<string | null> {
  const { runs, table } = prediction;
  const abort = new AbortController();
  const progress = {
    location: vscode.ProgressLocation.Notification,
    title: t(
      'Predicting with {0}…',
      runs.length === 1 ? parts.runs.names.full(runs[0]!) : t('{0} runs', runs.length),
    ),
    cancellable: true,
  };
  return vscode.window.withProgress(progress, async (_progress, token) => {
    token.onCancellationRequested(() => abort.abort());
    const folder = table === 'own' ? runs[0]!.workspace : dirname(table.fsPath);
    try {
      const { code, stdout, stderr } = await ask(parts.program(), predictArguments(prediction), folder, {
        signal: abort.signal,
      });
      if (code === 0) return stdout.trim();
      throw new Error(errorsIn(stderr) || t('the program ended with code {0}', String(code)));
    } catch (error) {
      if (abort.signal.aborted) return null;
      throw error;
    }
  });
}

/** Returns the arguments of the program that predicts. */
export function predictArguments({ runs, table, keep, out }: Prediction): string[] {
  const [first, ...others] = runs.map(({ entry }) => entry.folder);
  return [
    ...['predict', first!, ...(table === 'own' ? [] : [table.fsPath]), '--out', out],
    ...others.flatMap((folder) => ['--and', folder]),
    ...keep.flatMap((name) => ['--keep', name]),
  ];
}

/** Returns where the predictions of a table go unless a person says otherwise: beside it. */
export function predictionsFile(table: string): string {
  const stem = basename(table).replace(/\.gz$/i, '');
  const bare = trimmedEnd(stem.slice(0, stem.length - extname(stem).length), '*?.');
  return join(dirname(table), `${bare === '' ? 'table' : bare}.predictions.csv`);
}
