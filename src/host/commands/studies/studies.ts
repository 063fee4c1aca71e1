import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { isStudyFile } from '../../../shared/names.js';
import { requestStudyStop } from '../../../study/store.js';
import { t } from '../../editor/localise.js';
import { plainText } from '../../editor/plain-text.js';
import { mayChange, mayTrain } from '../../editor/trust.js';
import type { Command } from '../../parts.js';
import { runInTerminal } from '../../program/in-terminal.js';
import { isLive, type HostStudy } from '../../studies/study-collection.js';
import { openStudyPage } from '../../study-page/study-editor.js';
import { moveToSystemTrash } from '../../trash/system-trash.js';
import { discardTrashed, moveToTrash, restore } from '../../trash/trash.js';
import { chooseStudy, isTrainingText } from './choose-study.js';
import { openWhenBegun } from './open-when-begun.js';

const refusesNone = (): null => null;

/** Shows a study: the one that it is called on, or picked. */
export const openStudy: Command =
  (parts) =>
  async (...args) => {
    const study = await chooseStudy(parts, args, {
      placeholder: t('Which study to open?'),
      none: t(
        'This study has not been trained yet: Train Study begins it, and its page shows what comes out.',
      ),
      refuse: refusesNone,
    });
    if (study !== undefined) await openStudyPage(study);
  };

/** Asks the trainer of a study, wherever it runs, to end. What is trained stays. */
export const stopStudy: Command =
  (parts) =>
  async (...args) => {
    if (!mayChange()) return;
    const study = await chooseStudy(parts, args, {
      placeholder: t('Which study to stop?'),
      none: t('No study is training.'),
      refuse: (one) => (isLive(one) ? null : isTrainingText(one, false)),
    });
    if (study !== undefined) await requestStudyStop(study.paths);
  };

/** Trains what a study is missing, in a terminal. */
export const goOnStudy: Command =
  (parts) =>
  async (...args) => {
    if (!mayTrain()) return;
    const study = await chooseStudy(parts, args, {
      placeholder: t('Which study to go on with?'),
      none: t('There is no study to go on with.'),
      refuse: (one) => (isLive(one) ? isTrainingText(one, true) : null),
    });
    if (study === undefined) return;
    const call = callOf(study);
    if (typeof call === 'string') {
      void vscode.window.showErrorMessage(call);
      return;
    }
    openWhenBegun(parts, ({ paths }) => paths.folder === study.paths.folder);
    const name = t('Study {0}', plainText(study.name));
    await runInTerminal(parts.program(), { name, args: call, folder: study.workspace });
  };

/**
 * Returns the arguments with which the program goes on with a study, or why it cannot. The record is a file that anybody
 * may have written: it names a study file of its own workspace, or a figure with plain numbers and words, and nothing
 * else.
 */
export function callOf({ record: { origin }, workspace }: HostStudy): readonly string[] | string {
  if (origin.is === 'file') {
    const path = join(workspace, origin.path);
    const isWithin = !origin.path.split('/').includes('..');
    return isStudyFile(path) && isWithin && existsSync(path)
      ? ['study', path]
      : t('The file of this study, {0}, is not there any more.', plainText(origin.path));
  }
  const isPlain =
    /^[a-z0-9]+$/.test(origin.figure) &&
    origin.options.every((one) => /^(--(seeds|protocol|data|trials)|[a-z0-9]+)$/.test(one));
  return isPlain
    ? ['paper', origin.figure, ...origin.options]
    : t(
        'This study was begun with settings of its own; go on with it in a terminal: {0}',
        `mmoe paper ${plainText([origin.figure, ...origin.options].join(' '))}`,
      );
}

/** Moves a study to the trash, and offers to undo that. */
export const deleteStudy: Command =
  (parts) =>
  async (...args) => {
    if (!mayChange()) return;
    const study = await chooseStudy(parts, args, {
      placeholder: t('Which study to delete?'),
      none: t('There is no study to delete.'),
      refuse: (one) => (isLive(one) ? isTrainingText(one, true) : null),
    });
    if (study === undefined) return;
    await parts.studyEditor.close(study.paths.folder);
    const trashed = await moveToTrash(study.paths.folder, Date.now());
    await parts.studies.refresh();
    const undo = t('Undo');
    const message = t('{0} was moved to the trash.', plainText(study.name));
    // The message is not awaited: the command is done, and the offer stands until it is dismissed.
    void vscode.window.showInformationMessage(message, undo).then(async (answer) => {
      if (answer === undo) await restore(trashed);
      else await discardTrashed([trashed], { toSystemTrash: moveToSystemTrash, now: Date.now() }, Infinity);
      await parts.studies.refresh();
    });
  };

/** Opens the study file of a study. */
export const openStudyFile: Command =
  (parts) =>
  async (...args) => {
    const study = await chooseStudy(parts, args, {
      placeholder: t('Which study’s file to open?'),
      none: t('There is no study with a file of its own.'),
      refuse: ({ record: { origin }, name }) =>
        origin.is === 'file' ? null : t('{0} is a study of the paper, and has no file.', plainText(name)),
    });
    if (study === undefined) return;
    const call = callOf(study);
    if (typeof call === 'string') void vscode.window.showErrorMessage(call);
    else await vscode.window.showTextDocument(vscode.Uri.file(call[1]!));
  };

export const openStudyFolder: Command =
  (parts) =>
  async (...args) => {
    const study = await chooseStudy(parts, args, {
      placeholder: t('Which study’s folder to show?'),
      none: t('There is no study yet.'),
      refuse: refusesNone,
    });
    if (study !== undefined)
      await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(study.paths.folder));
  };
