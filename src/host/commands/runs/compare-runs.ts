import * as vscode from 'vscode';
import { runsOfComparison, subjectOf } from '../../compare-page/comparison-subject.js';
import { t } from '../../editor/localise.js';
import type { Command, ExtensionParts } from '../../parts.js';
import { isReadable, type ReadableRun } from '../../runs/run-collection.js';
import type { RunNames } from '../../runs/run-names.js';
import { runDescription } from '../../runs/run-description.js';
import { statusIcons } from '../../runs/run-status-text.js';
import { namedRuns } from './choose-run.js';
import { plainText } from '../../editor/plain-text.js';

/**
 * Shows the named runs side by side. For a single run its comparison is shown, or runs that the person picks.
 */
export const compareRuns: Command =
  (parts) =>
  async (...args) => {
    await parts.loaded();
    const named = args.length === 0 ? [] : (await namedRuns(parts, args)).filter(isReadable);
    const runs =
      named.length > 1 ? named : (wholeComparison(parts, named[0]) ?? (await pickRuns(parts, named)));
    if (runs.length > 0) await parts.compareView.open(subjectOf(runs, parts.runs.runs));
  };

function wholeComparison(parts: ExtensionParts, run: ReadableRun | undefined): ReadableRun[] | null {
  const id = run?.entry.manifest.comparison?.id;
  return id === undefined ? null : runsOfComparison(id, parts.runs.runs);
}

/**
 * Lets the person pick runs. Those that were named or are selected in the tree start chosen, else the newest
 * comparison.
 */
async function pickRuns(parts: ExtensionParts, named: readonly ReadableRun[]): Promise<ReadableRun[]> {
  const all = parts.runs.runs.filter(isReadable);
  if (all.length < 2) {
    void vscode.window.showInformationMessage(
      t('There are no two runs to compare yet. Train an experiment, or all its variants.'),
    );
    return [];
  }
  const selected = named.length > 0 ? named : parts.runsView.selection.filter(isReadable);
  const latest = wholeComparison(
    parts,
    all.find(({ entry }) => entry.manifest.comparison !== null),
  );
  const picked = new Set((selected.length > 0 ? selected : (latest ?? [])).map(({ entry }) => entry.folder));
  const chosen = await vscode.window.showQuickPick(items(all, picked, parts.runs.names), {
    canPickMany: true,
    placeHolder: t('Which runs to compare?'),
    matchOnDescription: true,
  });
  return chosen?.flatMap((item) => ('run' in item ? [item.run] : [])) ?? [];
}

type Item = vscode.QuickPickItem & { readonly run: ReadableRun };

/** Lists the newest first; the runs of a comparison stand together under its name. */
function items(
  runs: readonly ReadableRun[],
  picked: ReadonlySet<string>,
  names: RunNames,
): (Item | vscode.QuickPickItem)[] {
  const groups = new Map<string, ReadableRun[]>();
  for (const run of runs) {
    const id = run.entry.manifest.comparison?.id ?? '';
    groups.set(id, [...(groups.get(id) ?? []), run]);
  }
  return [...groups.values()].flatMap((group) => [
    {
      label: plainText(group[0]!.entry.manifest.comparison?.name ?? t('Runs')),
      kind: vscode.QuickPickItemKind.Separator,
    },
    ...group.map((run) => ({
      label: `$(${statusIcons[run.entry.status].icon}) ${plainText(names.full(run))}`,
      description: runDescription(run.entry),
      picked: picked.has(run.entry.folder),
      run,
    })),
  ]);
}
