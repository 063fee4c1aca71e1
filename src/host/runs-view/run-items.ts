import * as vscode from 'vscode';
import { runEditor, type CommandId } from '../contributions/contributions.js';
import { t } from '../editor/localise.js';
import { isReadable } from '../runs/run-collection.js';
import { runAddress } from '../runs/run-address.js';
import type { RunNames } from '../runs/run-names.js';
import { nameInComparison } from '../runs/comparison-text.js';
import {
  ComparisonNode,
  isBelowExperiment,
  type GroupNode,
  type MoreNode,
  type RowsNode,
  type RunNode,
  type ValueNode,
} from './run-node.js';
import { runDescription, shortMetricsText } from '../runs/run-description.js';
import { statusIcons, statusLabel } from '../runs/run-status-text.js';
import { hasDiverged } from '../../shared/run/run-status.js';
import { formatCount } from '../../shared/numbers.js';
import { experimentName, experimentOfRun } from '../../shared/names.js';
import { settingName, settingText } from '../../shared/settings/setting-text.js';
import { plainText } from '../editor/plain-text.js';

/** Returns the item of a run in the tree, without its tooltip, which is made later. */
export function runItem(node: RunNode, names: RunNames): vscode.TreeItem {
  const { run } = node;
  if (!isReadable(run)) {
    const item = new vscode.TreeItem(plainText(run.entry.id));
    item.id = run.entry.folder;
    item.contextValue = 'unreadable';
    item.iconPath = new vscode.ThemeIcon('question');
    item.description = item.tooltip =
      run.entry.state === 'unreadable' ? plainText(run.entry.reason) : undefined;
    return item;
  }
  const { manifest, status } = run.entry;
  const { parent } = node;
  const name = parent instanceof ComparisonNode ? nameInComparison(run, parent.comparison) : names.short(run);
  const item = new vscode.TreeItem(plainText(name));
  const { icon, color } = statusIcons[status];
  item.id = run.entry.folder;
  const kind = hasDiverged(run.entry) ? 'diverged' : status;
  const missing = node.hasMissing ? '.missing' : '';
  const archived = manifest.archived === true ? '.archived' : '';
  item.contextValue = `run.${kind}${missing}${archived}.${manifest.starred ? 'starred' : 'plain'}`;
  item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
  // In a flat list what tells runs apart comes first, and then whose they are.
  const experiment = isBelowExperiment(node.parent) ? null : experimentOfRun(manifest);
  item.description = [
    `${manifest.starred ? '★ ' : ''}${runDescription(run.entry, shortMetricsText(manifest))}`,
    ...(experiment === null ? [] : [plainText(experiment)]),
  ].join(' · ');
  // This is a command of the editor. A command of the extension would be tied to the last drawing of the
  // item, and a click would be lost while a live run is drawn anew.
  item.command = {
    command: 'vscode.openWith',
    title: t('Open Run'),
    arguments: [runAddress(run.entry.folder, names.full(run)), runEditor.viewType, { preserveFocus: true }],
  };
  item.accessibilityInformation = {
    label: [
      plainText(names.full(run)),
      manifest.starred ? t('starred') : '',
      statusLabel(status),
      runDescription(run.entry),
    ]
      .filter((text) => text !== '')
      .join(', '),
  };
  return item;
}

export function groupItem({ group, key }: GroupNode): vscode.TreeItem {
  const item = new vscode.TreeItem(groupName(group.experimentFile), vscode.TreeItemCollapsibleState.Expanded);
  item.id = key;
  item.contextValue = group.experimentFile === null ? 'group-without-experiment' : 'group';
  item.iconPath = new vscode.ThemeIcon('beaker');
  item.description = formatCount(group.runs.length);
  item.tooltip = group.experimentFile === null ? undefined : plainText(group.experimentFile);
  return item;
}

/** Returns the item of runs that have the same tags, or the same value of a setting. */
export function valueItem({ by, value, runs, key }: ValueNode): vscode.TreeItem {
  const item = new vscode.TreeItem(
    plainText(
      by.by === 'tags'
        ? value === null
          ? t('Without tags')
          : String(value)
        : value === null
          ? t('Without {0}', settingName(by.path))
          : settingText(by.path, value),
    ),
    vscode.TreeItemCollapsibleState.Expanded,
  );
  item.id = key;
  item.contextValue = 'group-of-values';
  item.iconPath = new vscode.ThemeIcon(by.by === 'tags' ? 'tag' : 'settings');
  item.description = formatCount(runs.length);
  item.tooltip = by.by === 'tags' ? undefined : by.path;
  return item;
}

/** Returns the item of runs that are ranked on their own, as they are judged by other rows than the rest. */
export function rowsItem({ runs, label, key }: RowsNode): vscode.TreeItem {
  const item = new vscode.TreeItem(
    label === '' ? t('Other rows') : plainText(label),
    vscode.TreeItemCollapsibleState.Expanded,
  );
  item.id = key;
  item.contextValue = 'rows';
  item.iconPath = new vscode.ThemeIcon('database');
  item.description = t('{0}, ranked on their own', formatCount(runs.length));
  item.tooltip = t('These runs are judged by the same rows, and by other ones than the rest of the list.');
  return item;
}

export function moreItem({ parent, hidden }: MoreNode): vscode.TreeItem {
  const item = new vscode.TreeItem(t('Show more: {0} are left', formatCount(hidden)));
  item.id = `more\n${parent.key}`;
  item.contextValue = 'more';
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  const command: CommandId = 'mmoe.showMoreRuns';
  item.command = { command, title: t('Show more'), arguments: [parent.key] };
  return item;
}

/** Returns the name of a group, which is that of its experiment. */
const groupName = (experimentFile: string | null): string =>
  experimentFile === null ? t('Without an experiment') : plainText(experimentName(experimentFile));
