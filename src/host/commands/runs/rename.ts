import * as vscode from 'vscode';
import { t } from '../../editor/localise.js';
import { mayChange } from '../../editor/trust.js';
import type { Command } from '../../parts.js';
import { chooseRun } from './choose-run.js';

const maxLength = 200;

/** Renames a run, also while it trains. */
export const rename: Command =
  (parts) =>
  async (...args) => {
    if (!mayChange()) return;
    const run = await chooseRun(parts, args, {
      placeholder: t('Which run to rename?'),
      none: t('There is no run yet.'),
      refuse: () => null,
    });
    if (run === undefined) return;
    const name = await vscode.window.showInputBox({
      title: t('Rename Run'),
      prompt: t('The new name'),
      value: run.entry.manifest.name,
      validateInput: (text) => {
        if (text.trim() === '') return t('A run needs a name.');
        return text.length > maxLength ? t('At most {0} characters.', maxLength) : undefined;
      },
    });
    if (name !== undefined && name.trim() !== run.entry.manifest.name)
      await run.store.rename(run.entry.id, name.trim());
  };
