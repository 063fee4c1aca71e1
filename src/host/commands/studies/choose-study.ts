import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { isStudyFile } from '../../../shared/names.js';
import { selectionArgument } from '../../contributions/contributions.js';
import { t } from '../../editor/localise.js';
import { plainText } from '../../editor/plain-text.js';
import type { ExtensionParts } from '../../parts.js';
import { statusIcons } from '../../runs/run-status-text.js';
import { StudyNode } from '../../studies/studies-view.js';
import type { HostStudy } from '../../studies/study-collection.js';
import { studyDescription } from '../../studies/study-text.js';

export interface StudyChoice {
  readonly placeholder: string;
  /** Is shown if there is nothing to choose from. */
  readonly none: string;
  /** Returns why the command cannot work on a study; null: it can. */
  readonly refuse: (study: HostStudy) => string | null;
}

/**
 * Returns the study that a command was called on: an item of the tree, the one that is selected there, its folder, its
 * study.json or its study file; else one that the person picks.
 */
export async function chooseStudy(
  { studies, studiesView, loaded }: ExtensionParts,
  [first]: readonly unknown[],
  { placeholder, none, refuse }: StudyChoice,
): Promise<HostStudy | undefined> {
  await loaded();
  await studies.refresh();
  const named = namedFolder(first === selectionArgument ? studiesView.selection?.paths.folder : first);
  const study = named === null ? undefined : isStudyFile(named) ? studies.ofFile(named) : studies.at(named);
  if (study !== undefined) {
    const why = refuse(study);
    if (why === null) return study;
    void vscode.window.showInformationMessage(why);
    return undefined;
  }
  const fitting = studies.studies.filter((one) => refuse(one) === null);
  if (named !== null || fitting.length === 0) {
    void vscode.window.showInformationMessage(none);
    return undefined;
  }
  const items = fitting.map((one) => ({
    label: `$(${statusIcons[one.status].icon}) ${plainText(one.name)}`,
    description: studyDescription(one, Date.now()),
    study: one,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: placeholder }))?.study;
}

function namedFolder(argument: unknown): string | null {
  if (argument instanceof StudyNode) return argument.study.paths.folder;
  if (argument instanceof vscode.Uri)
    return basename(argument.fsPath) === 'study.json' ? dirname(argument.fsPath) : argument.fsPath;
  return typeof argument === 'string' && argument !== '' ? argument : null;
}

/** Says that a study is being trained, or is not. */
export const isTrainingText = ({ name }: HostStudy, isTraining: boolean): string =>
  isTraining
    ? t('{0} is training. Stop it first.', plainText(name))
    : t('{0} is not training.', plainText(name));
