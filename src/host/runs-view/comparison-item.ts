import * as vscode from 'vscode';
import type { CommandId } from '../contributions/contributions.js';
import { t } from '../editor/localise.js';
import { escapeMarkdown, escapeMarkdownLines, markdownCode } from '../editor/markdown.js';
import { plainText } from '../editor/plain-text.js';
import {
  begunText,
  comparisonDescription,
  nameBelowExperiment,
  statusOfComparison,
} from '../runs/comparison-text.js';
import {
  isArchived,
  missingOf,
  onceForEach,
  tagsOfComparison,
  type HostComparison,
} from '../runs/comparisons.js';
import type { RunNames } from '../runs/run-names.js';
import { statusIcons, statusLabel } from '../runs/run-status-text.js';
import { isLive } from '../../shared/run/run-status.js';
import { isBelowExperiment, type ComparisonNode } from './run-node.js';

/** Returns what is shown of a comparison beside its runs, so that it is drawn anew when that changes. */
export const stateOfComparison = onceForEach((comparison) =>
  [
    comparison.name,
    comparisonDescription(comparison),
    contextOf(comparison),
    statusOfComparison(comparison),
  ].join('\n'),
);

/** `comparison.<live, missing or ended>.<archived or plain>` */
const contextOf = onceForEach((comparison) => {
  const state = comparison.runs.some(({ entry }) => isLive(entry))
    ? 'live'
    : missingOf(comparison) > 0
      ? 'missing'
      : 'ended';
  return `comparison.${state}.${isArchived(comparison) ? 'archived' : 'plain'}`;
});

/**
 * Returns the item of a comparison in the tree, without its tooltip. It is open while it trains, and while the runs
 * that a filter has found are looked for in it.
 */
export function comparisonItem(
  { comparison, key, parent }: ComparisonNode,
  names: RunNames,
  isFiltered: boolean,
): vscode.TreeItem {
  const status = statusOfComparison(comparison);
  const isOpen = isFiltered || isLive({ status });
  const name = plainText(
    isBelowExperiment(parent)
      ? nameBelowExperiment(comparison, names.tellingOf(comparison.runs[0]!))
      : comparison.name,
  );
  const item = new vscode.TreeItem(
    name,
    isOpen ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
  );
  // The editor remembers by its id whether an item is open.
  item.id = isFiltered ? `${key}\nfound` : key;
  item.contextValue = contextOf(comparison);
  const { icon, color } = statusIcons[status];
  item.iconPath = new vscode.ThemeIcon(
    isLive({ status }) ? icon : 'compare-changes',
    color === undefined ? undefined : new vscode.ThemeColor(color),
  );
  const said = comparisonDescription(comparison);
  item.description = isLive({ status }) ? said : `${begunText(comparison, vscode.env.language)} · ${said}`;
  // Without an argument, so that a click counts also while the item is drawn anew: it is on what is selected.
  const command: CommandId = 'mmoe.openSelectedComparison';
  item.command = { command, title: t('Open Comparison') };
  item.accessibilityInformation = {
    label: [t('comparison {0}', name), statusLabel(status), item.description].join(', '),
  };
  return item;
}

/** Returns the details of a comparison as Markdown. */
export function comparisonTooltip(comparison: HostComparison): string {
  const { id, name, notes, runs } = comparison;
  const { experimentFile } = runs[0]!.entry.manifest;
  const tags = tagsOfComparison(comparison);
  const blocks = [
    `**${escapeMarkdown(name)}** — ${statusLabel(statusOfComparison(comparison))} · ${comparisonDescription(comparison)}`,
    [
      ...(experimentFile === null ? [] : [`${t('Experiment')}: ${escapeMarkdown(experimentFile)}`]),
      `${t('Id')}: ${escapeMarkdown(id)}`,
    ].join('  \n'),
    tags.map(markdownCode).join(' '),
    notes === '' ? '' : `---\n\n${escapeMarkdownLines(notes)}`,
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}
