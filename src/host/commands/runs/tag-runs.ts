import * as vscode from 'vscode';
import { t } from '../../editor/localise.js';
import { plainText } from '../../editor/plain-text.js';
import { mayChange } from '../../editor/trust.js';
import type { Command, ExtensionParts } from '../../parts.js';
import { isReadable, type ReadableRun } from '../../runs/run-collection.js';
import { offerUndo } from './archive.js';
import { chooseRuns } from './choose-run.js';
import { changedTags, tagsOf, type TagChoice } from './tags.js';

/** Sets the tags of runs: those that are chosen, and new ones that are typed. Offers to undo that. */
export const tagRuns: Command =
  (parts) =>
  async (...args) => {
    if (!mayChange()) return;
    const runs = await chooseRuns(parts, args, {
      placeholder: t('Which run to tag?'),
      none: t('There is no run yet.'),
      refuse: () => null,
    });
    if (runs.length === 0) return;
    const name = runs.length === 1 ? parts.runs.names.full(runs[0]!) : t('{0} runs', runs.length);
    await tagAll(parts, runs, name);
  };

/** Lets the person choose the tags of runs, which are called `name`, and offers to undo that. */
export async function tagAll(
  parts: ExtensionParts,
  runs: readonly ReadableRun[],
  name: string,
): Promise<void> {
  const all = parts.runs.runs.filter(isReadable);
  const choice = await chooseTags(tagsOf(all.map(({ entry }) => entry.manifest.tags)), runs);
  if (choice === undefined) return;
  const before = runs.map(({ entry }) => entry.manifest.tags);
  const after = before.map((tags) => changedTags(tags, choice));
  await setAll(runs, after);
  offerUndo(t('The tags of {0} were changed.', name), () => setAll(runs, before));
}

async function setAll(runs: readonly ReadableRun[], tags: readonly (readonly string[])[]): Promise<void> {
  for (const [index, { store, entry }] of runs.entries()) await store.setTags(entry.id, [...tags[index]!]);
}

interface TagItem extends vscode.QuickPickItem {
  readonly tag: string;
}

/** Lists the known tags, those that all the runs have ticked, and what is typed as a new one. */
function chooseTags(known: readonly string[], runs: readonly ReadableRun[]): Promise<TagChoice | undefined> {
  const shared = new Set(known.filter((tag) => runs.every(({ entry }) => entry.manifest.tags.includes(tag))));
  const itemOf = (tag: string): TagItem => ({ label: plainText(tag), tag });
  const pick = vscode.window.createQuickPick<TagItem>();
  pick.title = t('Tags');
  pick.placeholder = t('Choose tags, or type a new one');
  pick.canSelectMany = true;
  const items = known.map(itemOf);
  pick.items = items;
  pick.selectedItems = items.filter(({ tag }) => shared.has(tag));
  return new Promise((resolve) => {
    let choice: TagChoice | undefined;
    pick.onDidChangeValue((value) => {
      const typed = value.trim();
      const selected = pick.selectedItems;
      const isNew = typed !== '' && !items.some(({ tag }) => tag === typed);
      const chosen = selected.filter((item) => items.includes(item));
      pick.items = isNew ? [{ ...itemOf(typed), description: t('new'), alwaysShow: true }, ...items] : items;
      pick.selectedItems = isNew ? [pick.items[0]!, ...chosen] : chosen;
    });
    pick.onDidAccept(() => {
      choice = { shared, chosen: new Set(pick.selectedItems.map(({ tag }) => tag)) };
      pick.hide();
    });
    pick.onDidHide(() => {
      pick.dispose();
      resolve(choice);
    });
    pick.show();
  });
}
