import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { t } from '../../editor/localise.js';
import { mayTrain } from '../../editor/trust.js';
import type { Command, ExtensionParts } from '../../parts.js';
import { whyNotHere } from '../../runs/experiment-of-run.js';
import { isReadable, type ReadableRun } from '../../runs/run-collection.js';
import { missingOf, unfinishedComparisons, type HostComparison } from '../../runs/comparisons.js';
import { namedRuns } from '../runs/choose-run.js';
import { plainText } from '../../editor/plain-text.js';

/** Goes on with the comparison of a run, or with one that the person picks: trains what it is missing. */
export const resumeComparison: Command =
  (parts) =>
  async (...args) => {
    if (!mayTrain()) return;
    await parts.loaded();
    const named = args.length === 0 ? [] : (await namedRuns(parts, args)).filter(isReadable);
    const all = await unfinishedNow(parts, named[0]);
    const run = named[0] ?? (await pickComparison(all));
    if (run === undefined) return;
    const { comparison, name } = run.entry.manifest;
    if (comparison === null || !all.has(comparison.id)) {
      void vscode.window.showInformationMessage(
        comparison === null
          ? t('{0} belongs to no comparison.', name)
          : t('{0} has nothing to go on with: its runs have finished, or train just now.', comparison.name),
      );
      return;
    }
    const refusal = whyNotHere(parts.runs, run);
    if (refusal === null) await start(parts, run, comparison.id);
    else void vscode.window.showInformationMessage(refusal);
  };

type Unfinished = ReadonlyMap<string, HostComparison>;

/**
 * Returns the comparisons that can be gone on with. What the editor has seen last may be seconds old: where that of
 * `run`, or any, is not among them, it looks again.
 */
async function unfinishedNow(parts: ExtensionParts, run: ReadableRun | undefined): Promise<Unfinished> {
  const all = await unfinishedComparisons(parts.runs.runs);
  const id = run?.entry.manifest.comparison?.id;
  if (id === undefined ? all.size > 0 : all.has(id)) return all;
  await parts.refresh();
  return unfinishedComparisons(parts.runs.runs);
}

async function start(parts: ExtensionParts, run: ReadableRun, id: string): Promise<void> {
  parts.announcements.followComparison(id);
  await parts.trainer.resumeComparison(id, {
    runsFolder: dirname(run.entry.folder),
    workspace: run.workspace,
    logFolder: parts.context.logUri.fsPath,
  });
}

async function pickComparison(all: Unfinished): Promise<ReadableRun | undefined> {
  if (all.size === 0) {
    void vscode.window.showInformationMessage(
      t('There is no comparison to resume: nothing is missing in any, or they train just now.'),
    );
    return undefined;
  }
  const items = [...all.values()].map((comparison) => {
    const missing = missingOf(comparison);
    return {
      label: plainText(comparison.name),
      description: missing === 1 ? t('1 run to train') : t('{0} runs to train', missing),
      run: comparison.runs[0]!,
    };
  });
  return (await vscode.window.showQuickPick(items, { placeHolder: t('Which comparison to resume?') }))?.run;
}
