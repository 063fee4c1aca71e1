import * as vscode from 'vscode';
import { completionsOf, queryKeys, type Completion } from '../../../shared/query/completion.js';
import { parseQuery } from '../../../shared/query/query.js';
import type { QueriedRun } from '../../../shared/query/run-facts.js';
import { SettingCounts } from '../../../shared/settings/run-names.js';
import { plainText } from '../../editor/plain-text.js';
import { t } from '../../editor/localise.js';
import type { Command, ExtensionParts } from '../../parts.js';
import { isReadable } from '../../runs/run-collection.js';

/** Typing waits this long before the tree follows. */
const pauseMilliseconds = 150;
/** Names and values are offered of so many of the newest runs. */
const mostLookedAt = 1000;

/**
 * Filters the runs view by a query, while it is typed. Enter keeps the filter, Escape puts the one before back;
 * what may be written next is listed below.
 */
export const filterRuns: Command = (parts) => async () => {
  await parts.loaded();
  const { runsView } = parts;
  const before = runsView.arrangement.filter;
  const runs = queriedRuns(parts);
  const keys = queryKeys(runs, new SettingCounts(runs.map(({ manifest }) => manifest)).telling);
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = t('Filter Runs');
  pick.placeholder = t('learningRate < .01 and variant = mmoe and tag = keep');
  let pause: NodeJS.Timeout | undefined;
  const end: { kept: boolean } = { kept: false };
  const show = async (): Promise<void> => {
    const text = pick.value;
    const parsed = parseQuery(text);
    const said =
      'query' in parsed
        ? text.trim() === ''
          ? t('Show all runs')
          : countText(await runsView.preview({ query: text }))
        : parsed.problem.message;
    if (text.trim() === '') await runsView.preview({ query: '' });
    if (pick.value !== text) return;
    const first: Item = { label: `$(filter) ${plainText(said)}`, completion: null, alwaysShow: true };
    pick.items = [first, ...completionsOf(text, keys, runs).map(itemOf)];
    pick.activeItems = [first];
  };
  const typed = (): void => {
    clearTimeout(pause);
    pause = setTimeout(() => void show(), pauseMilliseconds);
  };
  pick.onDidChangeValue(typed);
  pick.onDidAccept(() => {
    const [active] = pick.activeItems;
    if (active !== undefined && active.completion !== null) {
      pick.value = active.completion.text;
      void show();
      return;
    }
    if ('problem' in parseQuery(pick.value)) return;
    end.kept = true;
    pick.hide();
  });
  await new Promise<void>((resolve) => {
    pick.onDidHide(() => resolve());
    pick.value = before.query;
    pick.show();
    void show();
  });
  clearTimeout(pause);
  const query = pick.value.trim();
  pick.dispose();
  await runsView.arrange({ filter: end.kept ? { query } : before });
};

interface Item extends vscode.QuickPickItem {
  /** Null: this keeps the filter as it stands. */
  readonly completion: Completion | null;
}

const itemOf = (completion: Completion): Item => ({
  label: plainText(completion.label),
  completion,
  // The list is the text's own, whatever the text is.
  alwaysShow: true,
});

const countText = (count: number): string => (count === 1 ? t('Show 1 run') : t('Show {0} runs', count));

const queriedRuns = (parts: ExtensionParts): QueriedRun[] =>
  parts.runs.runs
    .filter(isReadable)
    .slice(0, mostLookedAt)
    .map((run) => ({
      manifest: run.entry.manifest,
      status: run.entry.status,
      name: parts.runs.names.full(run),
    }));
