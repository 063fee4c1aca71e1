import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import { doLater } from '../../run/files/file-work.js';
import { removeRun } from '../../run/files/run-file.js';
import type { RunError } from '../../shared/run/run-manifest.js';
import { execute } from '../contributions/editor-names.js';
import { t } from '../editor/localise.js';
import { isInOpenFolder, openAt } from '../editor/files.js';
import type { ProgramEnd } from '../program/program.js';
import type { Outcome } from './train-outcome.js';
import { outcomeOf } from './train-outcome.js';
import { refusedCodes } from '../../shared/run/run-status.js';
import type { Started } from './trainer.js';

export interface OutcomeParts {
  readonly log: vscode.LogOutputChannel;
  /** Closes the pages of a run. */
  closePages(runFolder: string): Promise<void>;
  /** Tells the pages of a run why its trainer has ended, should run.json not say so. */
  tellPages(runFolder: string, error: RunError): void;
  refresh(): Promise<void>;
}

/**
 * Tells the person what went wrong in a program that was started here, and removes a run that never began to
 * train. Returns when the person is told, whatever they answer.
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
  } else if (started.runFolder !== null && outcome.error !== null)
    parts.tellPages(started.runFolder, outcome.error);
  void offer(started, outcome, parts);
}

async function offer(started: Started, outcome: Outcome, { log }: OutcomeParts): Promise<void> {
  const actions: { title: string; run: () => unknown }[] = [];
  const { experimentFile, runFolder } = started;
  const resume =
    runFolder !== null && outcome.canResume
      ? { title: t('Resume'), run: () => execute('mmoe.resume', runFolder) }
      : null;
  // Nothing is wrong with the experiment where the machine has refused to go on.
  const isRefused = outcome.error?.code.startsWith(refusedCodes) === true;
  if (resume !== null && isRefused) actions.push(resume);
  const { file: named, line, column } = outcome.error ?? {};
  // Tables are named relative to the folder of the experiment.
  const file = named === undefined ? experimentFile : resolve(dirname(experimentFile ?? started.log), named);
  // The run's own words: they lead to files of the workspace only.
  if (file !== null && file !== experimentFile && existsSync(file) && isInOpenFolder(file))
    actions.push({ title: t('Open File'), run: () => openAt(file, line, column) });
  if (experimentFile !== null && !isRefused) {
    const place = file === experimentFile ? ([line, column] as const) : [];
    actions.push({ title: t('Open Experiment'), run: () => openAt(experimentFile, ...place) });
  }
  if (resume !== null && !isRefused) actions.push(resume);
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
