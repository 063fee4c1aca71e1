import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { RunAnnouncements } from './trainer/run-announcements.js';
import { CompareView } from './compare-page/compare-view.js';
import { notesScheme, runScheme, taskType } from './contributions/contributions.js';
import { execute, readSetting } from './contributions/editor-names.js';
import { ExperimentCollection } from './experiments/experiment-collection.js';
import { registerExperimentFeatures } from './experiment-file/register-experiment-features.js';
import { ExperimentsView } from './experiments/experiments-view.js';
import { RunNotes } from './runs/run-notes.js';
import { tellOutcome } from './trainer/tell-outcome.js';
import { pickOther } from './commands/runs/choose-run.js';
import { commandOfAction } from './run-page/page-actions.js';
import type { ExtensionParts } from './parts.js';
import { executablePath } from './program/executable.js';
import type { Program } from './program/program.js';
import { registerCommands } from './register-commands.js';
import { RunCollection } from './runs/run-collection.js';
import { RunAddresses } from './runs/run-address.js';
import { RunEditor } from './run-page/run-editor.js';
import { TryRowView } from './try-row/try-row-view.js';
import { PredictionsView } from './predictions/predictions-view.js';
import { RunsTableView } from './runs-table/runs-table-view.js';
import { RunsView } from './runs-view/runs-view.js';
import { liveRuns, TrainingStatus } from './runs/training-status.js';
import { StudyCollection } from './studies/study-collection.js';
import { StudiesView } from './studies/studies-view.js';
import { commandOfStudyAction } from './study-page/study-actions.js';
import { StudyEditor } from './study-page/study-editor.js';
import { TrainTasks } from './trainer/train-tasks.js';
import { offerTerminalCommand } from './program/terminal-command.js';
import { Trainer } from './trainer/trainer.js';
import { moveToSystemTrash } from './trash/system-trash.js';
import { discardTrashed, trashedRuns, undoMilliseconds } from './trash/trash.js';

export interface OwnedParts extends vscode.Disposable {
  readonly parts: ExtensionParts;
  /** Does what the settings ask for before the window closes. */
  closing(): Promise<void>;
}

/** Builds all parts of the extension and wires them. Nothing is read or searched before this returns. */
export function createParts(context: vscode.ExtensionContext): OwnedParts {
  const owned: vscode.Disposable[] = [];
  const own = <T extends vscode.Disposable>(part: T): T => {
    owned.push(part);
    return part;
  };
  const log = own(vscode.window.createOutputChannel('MMoE', { log: true }));
  const script = join(context.extensionPath, 'dist', 'cli.js');
  const program = (): Program => {
    const named = readSetting('mmoe.training.node');
    return { node: named === '' ? process.execPath : executablePath(named, context.extensionPath), script };
  };
  const experiments = own(new ExperimentCollection());
  const runs = own(new RunCollection());
  const studies = own(new StudyCollection());

  const follow = async (): Promise<void> => {
    const folders = await experiments.runsFolders();
    await Promise.all([runs.followAll(folders), studies.followAll(folders)]);
  };
  let loading: Promise<void> | null = null;
  const loaded = (): Promise<void> => (loading ??= follow());
  const refresh = async (): Promise<void> => {
    await experiments.refresh();
    await (loading = follow());
    await Promise.all([runs.refresh(), studies.refresh()]);
  };

  const studyEditor = own(
    new StudyEditor({
      extensionUri: context.extensionUri,
      studies,
      loaded,
      log: (message) => log.warn(message),
      act: (action, folder) => void execute(commandOfStudyAction[action], folder),
      openAsRun: (folder, key, run) => void execute('mmoe.openStudyLine', folder, key, run),
    }),
  );
  const runEditor: RunEditor = own(
    new RunEditor({
      extensionUri: context.extensionUri,
      runs,
      log: (message) => log.warn(message),
      act: (action, runFolder) => {
        const run = runs.at(runFolder);
        const starred = run?.entry.state === 'ok' && run.entry.manifest.starred;
        void execute(commandOfAction(action, starred), runFolder);
      },
      pickOther: (runFolder) => pickOther(parts, runFolder),
    }),
  );
  const compareView: CompareView = own(
    new CompareView({
      extensionUri: context.extensionUri,
      runs,
      loaded,
      log: (message) => log.warn(message),
      openRun: (runFolder) => void runEditor.open(runFolder),
      resumeComparison: (runFolder) => void execute('mmoe.resumeComparison', runFolder),
    }),
  );
  const runsTable = own(
    new RunsTableView({
      extensionUri: context.extensionUri,
      runs,
      memory: context.workspaceState,
      log: (message) => log.warn(message),
      openRun: (runFolder) => void runEditor.open(runFolder),
    }),
  );
  const predictions = own(
    new PredictionsView({
      extensionUri: context.extensionUri,
      folder: (context.storageUri ?? context.globalStorageUri).fsPath,
      log: (message) => log.warn(message),
    }),
  );
  const tryRow = own(
    new TryRowView({
      extensionUri: context.extensionUri,
      program,
      runAt: (folder) => runs.lookAt(folder),
      nameOf: (run) => runs.names.full(run),
      log: (message) => log.warn(message),
      openRun: (runFolder) => void runEditor.open(runFolder),
    }),
  );
  const trainer = new Trainer({
    program,
    storeOf: (runsFolder) => runs.storeOf(runsFolder),
    ended: async (started, end) => {
      const { comparison } = started;
      if (comparison !== undefined) void runs.refresh().then(() => compareView.comparisonEnded(comparison));
      await tellOutcome(started, end, {
        log,
        closePages: (runFolder) => runEditor.close(runFolder),
        tellPages: (runFolder, error) => runEditor.tell(runFolder, error),
        refresh: () => runs.refresh(),
      });
    },
  });
  const announcements = own(
    new RunAnnouncements(runs, context.workspaceState, {
      isLookedAt: (runFolder) => runEditor.isVisible(runFolder),
      isTold: (runFolder) => trainer.tellsEnd(runFolder),
    }),
  );
  const runsView = own(new RunsView(runs, context.workspaceState, loaded));
  own(new ExperimentsView(experiments, runs));
  const studiesView = own(new StudiesView(studies, loaded));
  own(new TrainingStatus(runs));
  const parts: ExtensionParts = {
    context,
    log,
    program,
    experiments,
    runs,
    loaded,
    refresh,
    trainer,
    announcements,
    runEditor,
    compareView,
    runsTable,
    predictions,
    tryRow,
    runsView,
    studies,
    studiesView,
    studyEditor,
  };
  for (const command of registerCommands(parts)) own(command);
  own(
    vscode.workspace.registerFileSystemProvider(notesScheme, own(new RunNotes(runs)), {
      isCaseSensitive: true,
    }),
  );
  own(
    vscode.workspace.registerFileSystemProvider(runScheme, own(new RunAddresses()), {
      isCaseSensitive: true,
      isReadonly: true,
    }),
  );
  own(vscode.tasks.registerTaskProvider(taskType, new TrainTasks(experiments, program)));
  own(experiments.onDidChange(() => void loaded().then(follow)));
  own(registerExperimentFeatures(program, { runs, loaded }, (message) => log.warn(message)));
  offerTerminalCommand(context, program());

  void loaded()
    .then(() => (vscode.workspace.isTrusted ? emptyTrash(experiments) : undefined))
    .catch((error: unknown) => log.error(error instanceof Error ? error : String(error)));

  return {
    parts,
    closing: async () => {
      if (!readSetting('mmoe.training.stopOnClose')) return;
      await Promise.all(
        liveRuns(runs).map(async ({ entry, store }) => {
          if (await trainer.isOwn(entry.folder)) await store.requestStop(entry.id);
        }),
      );
    },
    dispose: () => {
      for (const part of owned.reverse()) part.dispose();
      owned.length = 0;
    },
  };
}

/** Empties the trash of the runs that no window offers to restore any more. */
async function emptyTrash(experiments: ExperimentCollection): Promise<void> {
  const now = Date.now();
  const folders = [...(await experiments.runsFolders())];
  const ofStudies = folders.map((folder) => join(dirname(folder), 'studies'));
  for (const folder of [...folders, ...ofStudies])
    await discardTrashed(
      await trashedRuns(folder),
      { toSystemTrash: moveToSystemTrash, now },
      now - undoMilliseconds,
    );
}
