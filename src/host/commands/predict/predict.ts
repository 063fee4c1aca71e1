import { basename, dirname, extname, join } from 'node:path';
import * as vscode from 'vscode';
import type { PredictionReport } from '../../../shared/prediction/report.js';
import { trimmedEnd } from '../../../shared/trim.js';
import { t } from '../../editor/localise.js';
import { plainText } from '../../editor/plain-text.js';
import { mayTrain } from '../../editor/trust.js';
import type { Command, ExtensionParts } from '../../parts.js';
import { hasWeights, isReadable, type ReadableRun } from '../../runs/run-collection.js';
import { runDescription } from '../../runs/run-description.js';
import { isRunAddress } from '../../runs/run-address.js';
import { chooseRuns } from '../runs/choose-run.js';
import { askPrediction, type Asked, type TableToPredict } from './ask-prediction.js';
import { askBy, askKeep, confirm } from './confirm.js';
import { askTable } from './ask-table.js';
import { noWeights } from './with-weights.js';

/**
 * Predicts a table with one run or the mean of several: on runs it asks for the table, on a table for the runs.
 * It counts what the model knows nothing of before it asks whether to go on, which columns to carry along and
 * where the predictions go; and shows these in the end, with what is known of them.
 */
export const predict: Command =
  (parts) =>
  async (...args) => {
    if (!mayTrain()) return;
    const [first] = args;
    const given = first instanceof vscode.Uri && !isRunAddress(first) ? first : null;
    const runs = given === null ? await runsOf(parts, args) : await pickRuns(parts);
    if (runs.length === 0) return;
    const found = await count(parts, runs, given);
    if (found === null) return;
    const { asked, counted } = found;
    if (!(await confirm(counted))) return;
    const keep = await askKeep(counted);
    if (keep === undefined) return;
    const by = await askBy(counted);
    if (by === undefined) return;
    const out = await vscode.window.showSaveDialog({
      title: t('Predictions'),
      defaultUri: vscode.Uri.file(predictionsFile(runs[0]!.workspace, asked.table)),
      filters: { CSV: ['csv'], Parquet: ['parquet'] },
    });
    if (out === undefined) return;
    const report = await askPrediction(
      parts.program(),
      { ...asked, keep, by, out: out.fsPath },
      t('Predicting with {0}…', runsText(parts, runs)),
    );
    if (report === null) return;
    await parts.predictions.open({
      title: basename(out.fsPath),
      runNames: runs.map((one) => parts.runs.names.full(one)),
      report,
    });
  };

const runsText = (parts: ExtensionParts, runs: readonly ReadableRun[]): string =>
  runs.length === 1 ? parts.runs.names.full(runs[0]!) : t('{0} runs', runs.length);

/**
 * Asks for the table, unless it is given, and counts its rows. A query that is refused can be corrected.
 * Returns null if the person gave up.
 */
async function count(
  parts: ExtensionParts,
  runs: readonly ReadableRun[],
  given: vscode.Uri | null,
): Promise<{ asked: Asked; counted: PredictionReport } | null> {
  let refused: { query: string; why: string } | null = null;
  for (;;) {
    const table: TableToPredict | undefined =
      given === null
        ? await askTable({ own: runs[0]!, memory: parts.context.workspaceState, refused })
        : { kind: 'file', path: given.fsPath };
    if (table === undefined) return null;
    const asked: Asked = { runs, table, keep: [], by: [], out: null };
    try {
      const counted = await askPrediction(parts.program(), asked, t('Counting the rows…'));
      return counted === null ? null : { asked, counted };
    } catch (error) {
      if (table.kind !== 'query' || !(error instanceof Error)) throw error;
      refused = { query: table.sql, why: error.message };
    }
  }
}

const runsOf = (parts: ExtensionParts, args: readonly unknown[]): Promise<ReadableRun[]> =>
  chooseRuns(parts, args, {
    placeholder: t('Predict with which run?'),
    none: t('No run has been trained yet.'),
    refuse: (one) => (hasWeights(one) ? null : noWeights(parts, one)),
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

/** Returns where predictions go unless a person says otherwise: beside the table, or into the workspace. */
export function predictionsFile(workspace: string, table: TableToPredict): string {
  if (table.kind === 'own') return join(workspace, 'predictions.csv');
  if (table.kind === 'query') return join(workspace, 'query.predictions.csv');
  const stem = basename(table.path).replace(/\.gz$/i, '');
  const bare = trimmedEnd(stem.slice(0, stem.length - extname(stem).length), '*?.');
  return join(dirname(table.path), `${bare === '' ? 'table' : bare}.predictions.csv`);
}
