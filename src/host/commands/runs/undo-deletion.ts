import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { t } from '../../editor/localise.js';
import type { ExtensionParts } from '../../parts.js';
import { restore, type TrashedRun } from '../../runs/trash.js';

/** Takes runs back from the trash; the person is told of one that cannot be restored. */
export async function undoDeletion(parts: ExtensionParts, trashed: readonly TrashedRun[]): Promise<void> {
  for (const run of trashed) {
    await parts.runs.storeOf(dirname(run.runFolder));
    await restore(run).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(
        t('The run could not be restored: {0}. It is in {1}.', reason, run.folder),
      );
    });
  }
  await parts.runs.refresh();
}
