import * as vscode from 'vscode';
import { changeAbout } from '../../../study/about.js';
import { fileNameOf } from '../../editor/file-name.js';
import { t } from '../../editor/localise.js';
import { mayChange } from '../../editor/trust.js';
import type { Command } from '../../parts.js';
import { RunNotes } from '../../runs/run-notes.js';
import { askForName } from '../runs/rename.js';
import { chooseStudy } from './choose-study.js';

/** Renames a study, also while it trains: its folder, and what its file says, stay. */
export const renameStudy: Command =
  (parts) =>
  async (...args) => {
    if (!mayChange()) return;
    const study = await chooseStudy(parts, args, {
      placeholder: t('Which study to rename?'),
      none: t('There is no study yet.'),
      refuse: () => null,
    });
    if (study === undefined) return;
    const name = await askForName(t('Rename Study'), study.name);
    if (name === null) return;
    await changeAbout(study.paths, { name: name === study.record.name ? '' : name });
    await parts.studies.refresh();
  };

/** Opens the notes of a study as a document; a save writes them to its folder. */
export const editStudyNotes: Command =
  (parts) =>
  async (...args) => {
    const study = await chooseStudy(parts, args, {
      placeholder: t('Which study’s notes?'),
      none: t('There is no study yet.'),
      refuse: () => null,
    });
    if (study === undefined) return;
    const uri = RunNotes.uriOf(study.paths.folder, fileNameOf(t('Notes of {0}', study.name)));
    await vscode.window.showTextDocument(uri, { preview: false, viewColumn: vscode.ViewColumn.Beside });
  };
