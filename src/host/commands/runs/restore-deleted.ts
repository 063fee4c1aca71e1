import * as vscode from 'vscode';
import { t } from '../../editor/localise.js';
import { mayChange } from '../../editor/trust.js';
import type { Command } from '../../parts.js';
import { nameOfTrashed, trashedRuns } from '../../trash/trash.js';
import { undoDeletion } from '../../trash/undo-deletion.js';
import { plainText } from '../../editor/plain-text.js';

/** Restores runs from the trash of the workspace. */
export const restoreDeleted: Command = (parts) => async () => {
  if (!mayChange()) return;
  const folders = await parts.experiments.runsFolders();
  const trashed = (await Promise.all([...folders].map(trashedRuns))).flat();
  if (trashed.length === 0) {
    void vscode.window.showInformationMessage(
      t(
        'There is no deleted run in this workspace. ' +
          'Runs that were deleted earlier may be in the system’s trash.',
      ),
    );
    return;
  }
  const items = await Promise.all(
    trashed.map(async (run) => ({
      label: plainText(await nameOfTrashed(run)),
      description: t('deleted {0}', new Date(run.deletedAt).toLocaleString(vscode.env.language)),
      run,
    })),
  );
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    placeHolder: t('Which runs to restore?'),
  });
  if (picked !== undefined && picked.length > 0)
    await undoDeletion(
      parts.runs,
      picked.map(({ run }) => run),
    );
};
