import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import { doLater } from '../../run/file-work.js';
import { removeRun } from '../../run/run-file.js';
import { execute } from '../contributions/editor-names.js';
import { t } from '../editor/localise.js';
import { isInOpenFolder, openAt } from '../editor/files.js';
import type { ProgramEnd } from '../program/program.js';
import type { Outcome } from './train-outcome.js';
import { outcomeOf } from './train-outcome.js';
import type { Started } from './trainer.js';

export interface OutcomeParts {
  readonly log: vscode.LogOutputChannel;
  /** Closes the pages of a run. */
  closePages(runFolder: string): Promise<void>;
  refresh(): Promise<void>;
}

/**
 * Tells the person what went wrong in a program that was started here, and removes a run that never began to
 * train.
 */
export async function tellOutcome(started: Started, end: ProgramEnd, parts: OutcomeParts): Promise<void> {
  const outcome = await outcomeOf(started, end);
  // The trainer may have written its last words after the last look.
  await parts.refresh();
  if (outcome === null) return;
  parts.log.error(`${started.experimentFile ?? started.runFolder ?? 'mmoe'}\n${outcome.log.trimEnd()}`);
  if (outcome.discard && started.runFolder !== null) {
    await parts.closePages(started.runFolder);
    await doLater(removeRun(started.runFolder));
    await parts.refresh();
  }
  await offer(started, outcome, parts);
}

async function offer(started: Started, outcome: Outcome, { log }: OutcomeParts): Promise<void> {
  const actions: { title: string; run: () => unknown }[] = [];
  const { experimentFile } = started;
  const { file: named, line, column } = outcome.error ?? {};
  // Tables are named relative to the folder of the experiment.
  const file = named === undefined ? experimentFile : resolve(dirname(experimentFile ?? started.log), named);
  // The run's own words: they lead to files of the workspace only.
  if (file !== null && file !== experimentFile && existsSync(file) && isInOpenFolder(file))
    actions.push({ title: t('Open File'), run: () => openAt(file, line, column) });
  if (experimentFile !== null) {
    const place = file === experimentFile ? ([line, column] as const) : [];
    actions.push({ title: t('Open Experiment'), run: () => openAt(experimentFile, ...place) });
  }
  const { runFolder } = started;
  if (runFolder !== null && outcome.canResume)
    actions.push({ title: t('Resume'), run: () => execute('mmoe.resume', runFolder) });
  if (runFolder !== null && !outcome.discard)
    actions.push({ title: t('Open Log'), run: () => execute('mmoe.openLog', runFolder) });
  else actions.push({ title: t('Show Log'), run: () => log.show() });
  const message =
    started.kind === 'resume'
      ? t('The run could not be resumed: {0}', outcome.message)
      : t('Training failed: {0}', outcome.message);
  const answer = await vscode.window.showErrorMessage(message, ...actions.map(({ title }) => title));
  await actions.find(({ title }) => title === answer)?.run();
}
