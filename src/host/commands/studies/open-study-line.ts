import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { runPaths, runsFolderFor } from '../../../run/files/run-paths.js';
import { isRunId } from '../../../run/id.js';
import { readSetting } from '../../contributions/editor-names.js';
import { t } from '../../editor/localise.js';
import { plainText } from '../../editor/plain-text.js';
import { mayTrain } from '../../editor/trust.js';
import type { Command, ExtensionParts } from '../../parts.js';
import { runInTerminal } from '../../program/in-terminal.js';
import { isReadable } from '../../runs/run-collection.js';
import type { HostStudy } from '../../studies/study-collection.js';

/** Keys are hashes: nothing else goes into a command line. */
const isKey = (argument: unknown): argument is string =>
  typeof argument === 'string' && /^[0-9a-f]{24}$/.test(argument);

/**
 * Shows the run that a line of a study is, or trains it again as one. Its arguments are the study's folder, the line's
 * key and the id of its run, if it is one.
 */
export const openStudyLine: Command =
  (parts) =>
  async (...[folder, key, run]) => {
    if (typeof folder !== 'string' || !isKey(key)) return;
    await parts.loaded();
    const study = parts.studies.at(folder);
    if (study === undefined) return;
    const kept = typeof run === 'string' && isRunId(run) ? join(runsFolderFor(study.workspace), run) : null;
    if (kept !== null && existsSync(runPaths(kept).manifest)) {
      await parts.runEditor.open(kept, { preserveFocus: true });
      return;
    }
    if (!mayTrain()) return;
    openNextRun(parts, study);
    const name = t('Run of study {0}', plainText(study.name));
    const args = ['study', study.paths.folder, '--open', key];
    await runInTerminal(parts.program(), { name, args, folder: study.workspace });
  };

/** Shows the run of a study's line as soon as it is there. */
function openNextRun({ runs, runEditor }: ExtensionParts, { workspace, record }: HostStudy): void {
  if (!readSetting('mmoe.openRunOnTrain')) return;
  const patienceMilliseconds = 600_000;
  const stop = (): void => {
    clearTimeout(timer);
    waiting.dispose();
  };
  const waiting: vscode.Disposable = runs.onDidChange(({ changed }) => {
    const run = changed.find(
      ({ run: one, before }) =>
        before === null &&
        one.workspace === workspace &&
        isReadable(one) &&
        one.entry.manifest.name.startsWith(record.name),
    )?.run;
    if (run === undefined) return;
    stop();
    void runEditor.open(run.entry.folder, { preserveFocus: true });
  });
  const timer = setTimeout(stop, patienceMilliseconds);
  timer.unref();
}
