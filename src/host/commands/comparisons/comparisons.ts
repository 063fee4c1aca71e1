import * as vscode from 'vscode';
import { subjectOf } from '../../compare-page/comparison-subject.js';
import { selectionArgument } from '../../contributions/contributions.js';
import { fileNameOf } from '../../editor/file-name.js';
import { t } from '../../editor/localise.js';
import { mayChange } from '../../editor/trust.js';
import type { Command } from '../../parts.js';
import { isArchived, type HostComparison } from '../../runs/comparisons.js';
import { RunNotes } from '../../runs/run-notes.js';
import { isLive } from '../../../shared/run/run-status.js';
import { archiveRuns } from '../runs/archive.js';
import { trashRuns } from '../runs/delete.js';
import { askForName } from '../runs/rename.js';
import { tagAll } from '../runs/tag-runs.js';
import { chooseComparisons, selectedComparison } from './choose-comparison.js';

const none = (): string => t('There is no comparison yet. Train all variants of an experiment.');
const refusesNone = (): null => null;

/** Shows the runs of a comparison side by side. */
export const openComparison: Command =
  (parts) =>
  async (...args) => {
    const choice = { placeholder: t('Which comparison to open?'), none: none(), refuse: refusesNone };
    for (const { runs } of await chooseComparisons(parts, args, choice))
      await parts.compareView.open(subjectOf(runs, parts.runs.runs));
  };

/**
 * Opens the comparison that is selected in the tree: a click on an item of the tree hands nothing over. The focus stays
 * in the tree.
 */
export const openSelectedComparison: Command = (parts) => async () => {
  const comparison = selectedComparison(parts, [selectionArgument]);
  if (comparison !== null)
    await parts.compareView.open(subjectOf(comparison.runs, parts.runs.runs), { preserveFocus: true });
};

/** Gives a comparison another name, which all its runs then say. */
export const renameComparison: Command =
  (parts) =>
  async (...args) => {
    if (!mayChange()) return;
    const choice = { placeholder: t('Which comparison to rename?'), none: none(), refuse: refusesNone };
    const [comparison] = await chooseComparisons(parts, args.slice(0, 1), choice);
    if (comparison === undefined) return;
    const name = await askForName(t('Rename Comparison'), comparison.name);
    if (name !== null) await change(comparison, { name });
  };

async function change({ runs }: HostComparison, fields: { readonly name: string }): Promise<void> {
  for (const { store, entry } of runs) await store.changeComparison([entry.id], fields);
}

/** Opens the notes of a comparison as a document; a save writes them to all its runs. */
export const editComparisonNotes: Command =
  (parts) =>
  async (...args) => {
    const choice = { placeholder: t('Which comparison’s notes?'), none: none(), refuse: refusesNone };
    const [comparison] = await chooseComparisons(parts, args.slice(0, 1), choice);
    if (comparison === undefined) return;
    const { id, name, runs } = comparison;
    const file = fileNameOf(t('Notes of {0}', name));
    const uri = RunNotes.uriOf(runs[0]!.entry.folder, file, id);
    await vscode.window.showTextDocument(uri, { preview: false, viewColumn: vscode.ViewColumn.Beside });
  };

/** Sets the tags of all runs of comparisons. */
export const tagComparison: Command =
  (parts) =>
  async (...args) => {
    if (!mayChange()) return;
    const choice = { placeholder: t('Which comparison to tag?'), none: none(), refuse: refusesNone };
    const chosen = await chooseComparisons(parts, args, choice);
    if (chosen.length > 0) await tagAll(parts, runsOf(chosen), nameOf(chosen));
  };

const setArchived =
  (archived: boolean): Command =>
  (parts) =>
  async (...args) => {
    if (!mayChange()) return;
    const chosen = await chooseComparisons(parts, args, {
      placeholder: archived ? t('Which comparison to archive?') : t('Which comparison to bring back?'),
      none: archived ? none() : t('No comparison is archived.'),
      refuse: (one) => {
        if (isArchived(one) !== archived) return null;
        return archived ? t('{0} is archived already.', one.name) : t('{0} is not archived.', one.name);
      },
    });
    if (chosen.length === 0) return;
    const name = nameOf(chosen);
    await archiveRuns(
      // Runs that were archived one by one before are not brought back by the undo of this.
      runsOf(chosen).filter(({ entry }) => (entry.manifest.archived === true) !== archived),
      archived,
      archived
        ? t('{0} was archived. Filter runs by "archived = true" to see it.', name)
        : t('{0} is no longer archived.', name),
    );
  };

export const archiveComparison = setArchived(true);
export const unarchiveComparison = setArchived(false);

/** Moves all runs of comparisons to the trash, and offers to undo that. */
export const deleteComparison: Command =
  (parts) =>
  async (...args) => {
    if (!mayChange()) return;
    const chosen = await chooseComparisons(parts, args, {
      placeholder: t('Which comparison to delete?'),
      none: none(),
      refuse: (one) => (isTraining(one) ? t('{0} is training. Stop it before deleting it.', one.name) : null),
    });
    if (chosen.length === 0) return;
    for (const { id } of chosen) parts.compareView.close(id);
    await trashRuns(parts, runsOf(chosen), t('{0} was moved to the trash.', nameOf(chosen)));
  };

/** Asks the trainers of all runs of comparisons to write a checkpoint and stop. */
export const stopComparison: Command =
  (parts) =>
  async (...args) => {
    if (!mayChange()) return;
    const chosen = await chooseComparisons(parts, args, {
      placeholder: t('Which comparison to stop?'),
      none: t('No comparison is training.'),
      refuse: (one) => (isTraining(one) ? null : t('{0} is not training.', one.name)),
    });
    const live = runsOf(chosen).filter(({ entry }) => isLive(entry));
    await Promise.all(live.map(({ store, entry }) => store.requestStop(entry.id)));
  };

const isTraining = ({ runs }: HostComparison): boolean => runs.some(({ entry }) => isLive(entry));

const runsOf = (comparisons: readonly HostComparison[]) => comparisons.flatMap(({ runs }) => runs);

const nameOf = (comparisons: readonly HostComparison[]): string =>
  comparisons.length === 1
    ? t('Comparison {0}', comparisons[0]!.name)
    : t('{0} comparisons', comparisons.length);
