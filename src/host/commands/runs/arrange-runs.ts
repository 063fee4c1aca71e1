import * as vscode from 'vscode';
import { runStatuses, type RunStatus } from '../../../shared/run/run-manifest.js';
import { t } from '../../editor/localise.js';
import type { Command, ExtensionParts } from '../../parts.js';
import { statusIcons, statusLabel } from '../../runs/run-status-text.js';
import { isFiltering, noFilter, sortableTasks, type RunOrder } from '../../runs-view/runs-arrangement.js';
import { plainText } from '../../editor/plain-text.js';

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

export const filterRuns: Command = (parts) => async () => {
  const { filter } = parts.runsView.arrangement;
  const choices = [
    {
      label: `$(search) ${t('With a text…')}`,
      description: plainText(filter.text),
      choose: () => filterByText(parts),
    },
    {
      label: `$(pass) ${t('By status…')}`,
      description: filter.statuses.map(statusLabel).join(', '),
      choose: () => filterByStatus(parts),
    },
    {
      label: filter.starred ? `$(star-empty) ${t('Starred or not')}` : `$(star-full) ${t('Starred only')}`,
      description: '',
      choose: () => parts.runsView.arrange({ filter: { ...filter, starred: !filter.starred } }),
    },
    ...(isFiltering(filter)
      ? [
          {
            label: `$(clear-all) ${t('Show all')}`,
            description: '',
            choose: () => parts.runsView.arrange({ filter: noFilter }),
          },
        ]
      : []),
  ];
  const picked = await vscode.window.showQuickPick(choices, { placeHolder: t('Show which runs?') });
  await picked?.choose();
};

async function filterByText(parts: ExtensionParts): Promise<void> {
  const { filter } = parts.runsView.arrangement;
  const text = await vscode.window.showInputBox({
    title: t('Filter Runs'),
    prompt: t(
      'Words to find in the name, experiment, variant, tags, notes or id. All of them must occur. ' +
        'Leave it empty to show all runs.',
    ),
    value: filter.text,
  });
  if (text !== undefined) await parts.runsView.arrange({ filter: { ...filter, text: text.trim() } });
}

async function filterByStatus(parts: ExtensionParts): Promise<void> {
  const { filter } = parts.runsView.arrangement;
  const items = runStatuses.map((status: RunStatus) => ({
    label: `$(${statusIcons[status].icon.replace('~spin', '')}) ${statusLabel(status)}`,
    picked: filter.statuses.includes(status),
    status,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    placeHolder: t('Which statuses to show? Choose none to show all runs.'),
  });
  if (picked !== undefined)
    await parts.runsView.arrange({ filter: { ...filter, statuses: picked.map(({ status }) => status) } });
}
