import * as vscode from 'vscode';
import { t } from '../../editor/localise.js';
import { plainText } from '../../editor/plain-text.js';
import { mayChange } from '../../editor/trust.js';
import type { Command, ExtensionParts } from '../../parts.js';
import type { ReadableRun } from '../../runs/run-collection.js';
import { chooseRuns } from './choose-run.js';

/** Takes runs out of sight, or brings them back, and offers to undo that. Their folders stay where they are. */
const setArchived =
  (archived: boolean): Command =>
  (parts) =>
  async (...args) => {
    if (!mayChange()) return;
    const runs = await chooseRuns(parts, args, {
      placeholder: archived ? t('Which run to archive?') : t('Which run to bring back?'),
      none: archived ? t('There is no run to archive.') : t('No run is archived.'),
      refuse: (run) => {
        if ((run.entry.manifest.archived === true) !== archived) return null;
        const name = parts.runs.names.full(run);
        return archived ? t('{0} is archived already.', name) : t('{0} is not archived.', name);
      },
    });
    if (runs.length === 0) return;
    await archiveRuns(runs, archived, saidOf(parts, runs, archived));
  };

/** Archives runs or brings them back, says so, and offers to undo that. */
export async function archiveRuns(
  runs: readonly ReadableRun[],
  archived: boolean,
  said: string,
): Promise<void> {
  await archiveAll(runs, archived);
  offerUndo(said, () => archiveAll(runs, !archived));
}

async function archiveAll(runs: readonly ReadableRun[], archived: boolean): Promise<void> {
  for (const { store, entry } of runs) await store.archive(entry.id, archived);
}

function saidOf(
  { runs: { names } }: ExtensionParts,
  runs: readonly ReadableRun[],
  archived: boolean,
): string {
  const [first] = runs;
  if (runs.length === 1 && first !== undefined)
    return archived
      ? t('{0} was archived. Filter runs by "archived = true" to see it.', names.full(first))
      : t('{0} is no longer archived.', names.full(first));
  return archived
    ? t('{0} runs were archived. Filter runs by "archived = true" to see them.', runs.length)
    : t('{0} runs are no longer archived.', runs.length);
}

/** Says what was done, with a button that undoes it; the command is done meanwhile. */
export function offerUndo(said: string, undo: () => Promise<void>): void {
  const button = t('Undo');
  void vscode.window.showInformationMessage(plainText(said), button).then(async (answer) => {
    if (answer === button) await undo();
  });
}

export const archive = setArchived(true);
export const unarchive = setArchived(false);
