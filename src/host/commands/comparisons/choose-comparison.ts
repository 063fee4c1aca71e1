import * as vscode from 'vscode';
import { selectionArgument } from '../../contributions/contributions.js';
import { t } from '../../editor/localise.js';
import { plainText } from '../../editor/plain-text.js';
import type { ExtensionParts } from '../../parts.js';
import { comparisonDescription, statusOfComparison } from '../../runs/comparison-text.js';
import { comparisonsOf, type HostComparison } from '../../runs/comparisons.js';
import { statusIcons } from '../../runs/run-status-text.js';
import { ComparisonNode } from '../../runs-view/run-node.js';

export interface ComparisonChoice {
  readonly placeholder: string;
  /** Is shown if there is nothing to choose from. */
  readonly none: string;
  /** Returns why the command cannot work on a comparison; null: it can. */
  readonly refuse: (comparison: HostComparison) => string | null;
}

/** Returns the keys of the comparisons that a command was called on: items of the tree, its selection, or an id. */
function namedIds(parts: ExtensionParts, [first, all]: readonly unknown[]): string[] {
  if (typeof first === 'string' && first !== selectionArgument) return [first];
  const nodes: readonly unknown[] =
    first === selectionArgument
      ? parts.runsView.selected
      : Array.isArray(all) && all.length > 0
        ? all
        : [first];
  return nodes.flatMap((node) => (node instanceof ComparisonNode ? [node.comparison.id] : []));
}

/**
 * Returns the comparison that the tree's selection consists of; null: something else is selected too, or nothing.
 */
export function selectedComparison(parts: ExtensionParts, args: readonly unknown[]): HostComparison | null {
  const { selected } = parts.runsView;
  const [node] = selected;
  return args[0] === selectionArgument && selected.length === 1 && node instanceof ComparisonNode
    ? node.comparison
    : null;
}

/** Returns the comparisons that a command was called on as they are now, else one that the person picks. */
export async function chooseComparisons(
  parts: ExtensionParts,
  args: readonly unknown[],
  choice: ComparisonChoice,
): Promise<readonly HostComparison[]> {
  await parts.loaded();
  const all = await comparisonsOf(parts.runs.runs);
  const ids = [...new Set(namedIds(parts, args))];
  const named = ids.flatMap((id) => all.get(id) ?? []);
  if (ids.length === 0) {
    const picked = await pickComparison([...all.values()], choice);
    return picked === undefined ? [] : [picked];
  }
  const accepted = named.filter((one) => choice.refuse(one) === null);
  const [refused] = named;
  if (accepted.length === 0)
    void vscode.window.showInformationMessage(
      (refused === undefined ? null : choice.refuse(refused)) ?? t('This comparison is no longer there.'),
    );
  return accepted;
}

async function pickComparison(
  all: readonly HostComparison[],
  { placeholder, none, refuse }: ComparisonChoice,
): Promise<HostComparison | undefined> {
  const items = all
    .filter((one) => refuse(one) === null)
    .map((comparison) => ({
      label: `$(${statusIcons[statusOfComparison(comparison)].icon}) ${plainText(comparison.name)}`,
      description: comparisonDescription(comparison),
      detail: comparison.id,
      comparison,
    }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(none);
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: placeholder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.comparison;
}
