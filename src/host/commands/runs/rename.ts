import * as vscode from 'vscode';
import { execute } from '../../contributions/editor-names.js';
import { t } from '../../editor/localise.js';
import { mayChange } from '../../editor/trust.js';
import type { Command } from '../../parts.js';
import { selectedComparison } from '../comparisons/choose-comparison.js';
import { chooseRun } from './choose-run.js';

const maxLength = 200;

/** Renames a run, also while it trains; by its key, the comparison that is selected. */
export const rename: Command =
  (parts) =>
  async (...args) => {
    if (!mayChange()) return;
    if (selectedComparison(parts, args) !== null) {
      await execute('mmoe.renameComparison', ...args);
      return;
    }
    const run = await chooseRun(parts, args, {
      placeholder: t('Which run to rename?'),
      none: t('There is no run yet.'),
      refuse: () => null,
    });
    if (run === undefined) return;
    const name = await askForName(t('Rename Run'), run.entry.manifest.name);
    if (name !== null) await run.store.rename(run.entry.id, name);
  };

/** Lets the person type another name; null: it stays as it is. */
export async function askForName(title: string, name: string): Promise<string | null> {
  const typed = await vscode.window.showInputBox({
    title,
    prompt: t('The new name'),
    value: name,
    validateInput: (text) => {
      if (text.trim() === '') return t('A name is needed.');
      return text.length > maxLength ? t('At most {0} characters.', maxLength) : undefined;
    },
  });
  return typed === undefined || typed.trim() === name ? null : typed.trim();
}
