import * as vscode from 'vscode';
import { t } from '../../editor/localise.js';
import type { Command } from '../../parts.js';
import { noFilter, sortableTasks, type RunOrder } from '../../runs-view/runs-arrangement.js';

/** Commands that order, group and filter the runs view. */

export const groupRuns: Command = (parts) => () => parts.runsView.arrange({ grouped: true });
export const listRuns: Command = (parts) => () => parts.runsView.arrange({ grouped: false });
export const clearRunFilter: Command = (parts) => () => parts.runsView.arrange({ filter: noFilter });

/** The argument is the key of a group; null: the flat list. */
export const showMoreRuns: Command = (parts) => (key) => parts.runsView.showMore(key);

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
