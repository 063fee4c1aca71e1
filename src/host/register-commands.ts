import * as vscode from 'vscode';
import { clearRunFilter, groupRuns, showMoreRuns, sortRuns } from './commands/runs/arrange-runs.js';
import { archive, unarchive } from './commands/runs/archive.js';
import { filterRuns } from './commands/runs/filter-runs.js';
import { predict } from './commands/predict/predict.js';
import { tryRow } from './commands/predict/try-row.js';
import { tagRuns } from './commands/runs/tag-runs.js';
import {
  archiveComparison,
  deleteComparison,
  editComparisonNotes,
  openComparison,
  openSelectedComparison,
  renameComparison,
  stopComparison,
  tagComparison,
  unarchiveComparison,
} from './commands/comparisons/comparisons.js';
import { compareRuns } from './commands/runs/compare-runs.js';
import { deleteRuns } from './commands/runs/delete.js';
import { editNotes } from './commands/runs/edit-notes.js';
import { newExperiment } from './commands/training/new-experiment.js';
import {
  copyRunId,
  openExperimentOfRun,
  openLog,
  openRunFolder,
  openRunJson,
} from './commands/runs/open-files.js';
import { nextRun, openRun, previewSelected, previousRun, showRunning } from './commands/runs/open-run.js';
import { showRunsTable } from './commands/runs/show-runs-table.js';
import { rename } from './commands/runs/rename.js';
import { restoreDeleted } from './commands/runs/restore-deleted.js';
import { resume } from './commands/training/resume.js';
import { resumeComparison } from './commands/training/resume-comparison.js';
import { runAgain } from './commands/training/run-again.js';
import { createSample } from './commands/create-sample.js';
import { installTensorflowBackend, openWalkthrough, refresh, showOutput } from './commands/extension.js';
import { star, unstar } from './commands/runs/star.js';
import {
  deleteStudy,
  goOnStudy,
  openStudy,
  openStudyFile,
  openStudyFolder,
  stopStudy,
} from './commands/studies/studies.js';
import { editStudyNotes, renameStudy } from './commands/studies/edit-study.js';
import { openStudyLine } from './commands/studies/open-study-line.js';
import { startFromRun } from './commands/training/start-from-run.js';
import { stop } from './commands/training/stop.js';
import { trainAllVariants } from './commands/training/train-all-variants.js';
import { reproducePaper, trainStudy } from './commands/training/train-study.js';
import { trainExperiment } from './commands/training/train-experiment.js';
import type { CommandId } from './contributions/contributions.js';
import { errorText } from './editor/error-text.js';
import { t } from './editor/localise.js';
import type { Command, ExtensionParts } from './parts.js';
import { plainText } from './editor/plain-text.js';

const commands: Record<CommandId, Command> = {
  'mmoe.train': trainExperiment,
  'mmoe.trainAllVariants': trainAllVariants,
  'mmoe.trainStudy': trainStudy,
  'mmoe.openStudy': openStudy,
  'mmoe.stopStudy': stopStudy,
  'mmoe.goOnStudy': goOnStudy,
  'mmoe.renameStudy': renameStudy,
  'mmoe.editStudyNotes': editStudyNotes,
  'mmoe.deleteStudy': deleteStudy,
  'mmoe.openStudyLine': openStudyLine,
  'mmoe.openStudyFile': openStudyFile,
  'mmoe.openStudyFolder': openStudyFolder,
  'mmoe.reproducePaper': reproducePaper,
  'mmoe.newExperiment': newExperiment,
  'mmoe.createSample': createSample,
  'mmoe.installTensorflow': installTensorflowBackend,
  'mmoe.openWalkthrough': openWalkthrough,
  'mmoe.showOutput': showOutput,
  'mmoe.refresh': refresh,
  'mmoe.compareRuns': compareRuns,
  'mmoe.openComparison': openComparison,
  'mmoe.openSelectedComparison': openSelectedComparison,
  'mmoe.stopComparison': stopComparison,
  'mmoe.renameComparison': renameComparison,
  'mmoe.editComparisonNotes': editComparisonNotes,
  'mmoe.tagComparison': tagComparison,
  'mmoe.archiveComparison': archiveComparison,
  'mmoe.unarchiveComparison': unarchiveComparison,
  'mmoe.deleteComparison': deleteComparison,
  'mmoe.showRunsTable': showRunsTable,
  'mmoe.openRun': openRun,
  'mmoe.previewSelected': previewSelected,
  'mmoe.nextRun': nextRun,
  'mmoe.previousRun': previousRun,
  'mmoe.showRunning': showRunning,
  'mmoe.stop': stop,
  'mmoe.resume': resume,
  'mmoe.resumeComparison': resumeComparison,
  'mmoe.runAgain': runAgain,
  'mmoe.startFromRun': startFromRun,
  'mmoe.rename': rename,
  'mmoe.star': star,
  'mmoe.unstar': unstar,
  'mmoe.editNotes': editNotes,
  'mmoe.predict': predict,
  'mmoe.tryRow': tryRow,
  'mmoe.tagRuns': tagRuns,
  'mmoe.archive': archive,
  'mmoe.unarchive': unarchive,
  'mmoe.delete': deleteRuns,
  'mmoe.restoreDeleted': restoreDeleted,
  'mmoe.openExperiment': openExperimentOfRun,
  'mmoe.openLog': openLog,
  'mmoe.openRunFolder': openRunFolder,
  'mmoe.openRunJson': openRunJson,
  'mmoe.copyRunId': copyRunId,
  'mmoe.sortRuns': sortRuns,
  'mmoe.filterRuns': filterRuns,
  'mmoe.clearRunFilter': clearRunFilter,
  'mmoe.groupRuns': groupRuns,
  'mmoe.showMoreRuns': showMoreRuns,
};

/** Registers every command of the table. An error that one throws is shown to the person and logged. */
export function registerCommands(parts: ExtensionParts): vscode.Disposable[] {
  return Object.entries(commands).map(([id, command]) => {
    const handler = command(parts);
    return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        return await handler(...args);
      } catch (error) {
        parts.log.error(`${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        const show = t('Show Output');
        // The message is not awaited: whoever called the command learns now that it is over.
        void vscode.window.showErrorMessage(plainText(errorText(error)), show).then((answer) => {
          if (answer === show) parts.log.show();
        });
        return undefined;
      }
    });
  });
}
