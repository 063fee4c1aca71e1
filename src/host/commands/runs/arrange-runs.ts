import * as vscode from 'vscode';
import { t } from '../../editor/localise.js';
import type { Command } from '../../parts.js';
import { filePath, isDerived } from '../../../shared/settings/run-settings.js';
import { settingName } from '../../../shared/settings/setting-text.js';
import {
  noFilter,
  sortableTasks,
  type RunGrouping,
  type RunOrder,
} from '../../runs-view/runs-arrangement.js';

/** Commands that order, group and filter the runs view. */

export const clearRunFilter: Command = (parts) => () => parts.runsView.arrange({ filter: noFilter });

/** The argument is the key of a group; null: the flat list. */
export const showMoreRuns: Command = (parts) => (key) => parts.runsView.showMore(key);

/** Asks what runs stand below: what the table of runs can group them by, too. */
export const groupRuns: Command = (parts) => async () => {
  await parts.loaded();
  const current = JSON.stringify(parts.runsView.arrangement.group);
  const choices: readonly GroupingChoice[] = [
    { label: t('By experiment, with its comparisons'), icon: 'beaker', group: { by: 'experiment' } },
    { label: t('By comparison'), icon: 'compare-changes', group: { by: 'comparison' } },
    { label: t('By tags'), icon: 'tag', group: { by: 'tags' } },
    ...groupableSettings(parts.runs.names.telling).map((path): GroupingChoice => ({
      label: t('By {0}', settingName(path)),
      icon: 'settings',
      path,
      group: { by: 'setting', path },
    })),
    { label: t('No groups'), icon: 'list-flat', group: { by: 'nothing' } },
  ];
  const items = choices.map(({ label, icon, path = '', group }) => ({
    label: `$(${icon}) ${label}`,
    description: [path, ...(JSON.stringify(group) === current ? [t('current')] : [])]
      .filter((text) => text !== '')
      .join(' · '),
    group,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: t('What to group runs by?'),
    matchOnDescription: true,
  });
  if (picked !== undefined) await parts.runsView.arrange({ group: picked.group });
};

interface GroupingChoice {
  readonly label: string;
  readonly icon: string;
  /** Of a setting. */
  readonly path?: string;
  readonly group: RunGrouping;
}

/** A file is an experiment's; and what follows from settings is none. */
const groupableSettings = (paths: readonly string[]): string[] =>
  paths.filter((path) => path !== filePath && !isDerived(path));

export const sortRuns: Command = (parts) => async () => {
  await parts.loaded();
  const current = JSON.stringify(parts.runsView.arrangement.order);
  const choices: { label: string; order: RunOrder }[] = [
    { label: t('Newest first'), order: { by: 'time' } },
    { label: t('By name'), order: { by: 'name' } },
    ...sortableTasks(parts.runs.runs).map(({ task, label }) => ({
      label: t('By {0} of {1}, best first', label, task),
      order: { by: 'metric', task } as const,
    })),
  ];
  const items = choices.map((choice) => ({
    ...choice,
    description: JSON.stringify(choice.order) === current ? t('current') : '',
  }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: t('Sort runs (starred ones stay on top)'),
  });
  if (picked !== undefined) await parts.runsView.arrange({ order: picked.order });
};
