import type * as vscode from 'vscode';
import type { RunAnnouncements } from './trainer/run-announcements.js';
import type { CompareView } from './compare-page/compare-view.js';
import type { ExperimentCollection } from './experiments/experiment-collection.js';
import type { Program } from './program/program.js';
import type { RunCollection } from './runs/run-collection.js';
import type { RunEditor } from './run-page/run-editor.js';
import type { PredictionsView } from './predictions/predictions-view.js';
import type { RunsTableView } from './runs-table/runs-table-view.js';
import type { RunsView } from './runs-view/runs-view.js';
import type { StudiesView } from './studies/studies-view.js';
import type { StudyCollection } from './studies/study-collection.js';
import type { StudyEditor } from './study-page/study-editor.js';
import type { TryRowView } from './try-row/try-row-view.js';
import type { Trainer } from './trainer/trainer.js';

/** The parts of the extension that commands work with. A command is a function of these, in its own file. */
export interface ExtensionParts {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  /** Returns the trainer program as the settings name it now. */
  readonly program: () => Program;
  readonly experiments: ExperimentCollection;
  readonly runs: RunCollection;
  /** Resolves once the workspace's runs are known. */
  readonly loaded: () => Promise<void>;
  /** Searches for experiments and runs again. */
  readonly refresh: () => Promise<void>;
  readonly trainer: Trainer;
  readonly announcements: RunAnnouncements;
  readonly runEditor: RunEditor;
  readonly compareView: CompareView;
  readonly runsTable: RunsTableView;
  readonly predictions: PredictionsView;
  readonly tryRow: TryRowView;
  readonly runsView: RunsView;
  readonly studies: StudyCollection;
  readonly studiesView: StudiesView;
  readonly studyEditor: StudyEditor;
}

/**
 * Handles a call. Arguments come from menus, keys, links and other extensions, so nothing is known of them.
 */
export type Handler = (...args: readonly unknown[]) => unknown;
export type Command = (parts: ExtensionParts) => Handler;
