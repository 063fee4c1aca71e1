import * as vscode from 'vscode';
import { fileNameOf } from '../../editor/file-name.js';
import { t } from '../../editor/localise.js';
import { RunNotes } from '../../runs/run-notes.js';
import type { Command } from '../../parts.js';
import { chooseRun } from './choose-run.js';

/** Opens the notes of a run as a document; a save writes them to the run. */
export const editNotes: Command =
  (parts) =>
  async (...args) => {
    const run = await chooseRun(parts, args, {
      placeholder: t('Which run’s notes?'),
      none: t('There is no run yet.'),
      refuse: () => null,
    });
    if (run === undefined) return;
    const uri = RunNotes.uriOf(run.entry.folder, fileNameOf(t('Notes of {0}', parts.runs.names.full(run))));
    await vscode.window.showTextDocument(uri, { preview: false, viewColumn: vscode.ViewColumn.Beside });
  };
