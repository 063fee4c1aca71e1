import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { errorText } from '../editor/error-text.js';
import { t } from '../editor/localise.js';
import type { RunCollection } from '../runs/run-collection.js';
import { restore, type TrashedRun } from './trash.js';

/** Takes runs back from the trash; the person is told of one that cannot be restored. */
export async function undoDeletion(runs: RunCollection, trashed: readonly TrashedRun[]): Promise<void> {
  for (const run of trashed) {
    await runs.storeOf(dirname(run.runFolder));
    await restore(run).catch((error: unknown) => {
      const reason = errorText(error);
      void vscode.window.showErrorMessage(
        t('The run could not be restored: {0}. It is in {1}.', reason, run.folder),
      );
    });
  }
  await runs.refresh();
}
