import * as vscode from 'vscode';
import { t } from '../editor/localise.js';
import type { RunCollection } from '../runs/run-collection.js';
import type { Program } from '../program/program.js';
import { describeExperiment } from '../program/questions.js';
import { ExperimentDiagnostics } from './diagnostics.js';
import {
  ColumnCompletion,
  ColumnHover,
  experimentSelector,
  NewerDefaults,
  RunCompletion,
  StudyLenses,
  studySelector,
  TrainLenses,
} from './language-providers.js';
import { DescribedTables } from './described-tables.js';

/**
 * Registers what the editor does for experiment files beyond their JSON schema: column names, hovers, lenses
 * and problems.
 */
export function registerExperimentFeatures(
  program: () => Program,
  { runs, loaded }: { readonly runs: RunCollection; readonly loaded: () => Promise<void> },
  log: (message: string) => void,
): vscode.Disposable {
  const tables = new DescribedTables(async (file, text, signal) => {
    // The program must not read files of a folder that is not trusted.
    if (!vscode.workspace.isTrusted)
      throw new Error(t('the folder is not trusted, so its tables are not read'));
    return describeExperiment(file, text, {
      program: program(),
      folder: vscode.Uri.joinPath(vscode.Uri.file(file), '..').fsPath,
      signal,
    });
  }, log);
  return vscode.Disposable.from(
    tables,
    new ExperimentDiagnostics(program, log),
    vscode.languages.registerCompletionItemProvider(experimentSelector, new ColumnCompletion(tables), '"'),
    vscode.languages.registerCompletionItemProvider(experimentSelector, new RunCompletion(runs, loaded), '"'),
    vscode.languages.registerHoverProvider(experimentSelector, new ColumnHover(tables)),
    vscode.languages.registerCodeActionsProvider(experimentSelector, new NewerDefaults(), {
      providedCodeActionKinds: [NewerDefaults.kind],
    }),
    vscode.languages.registerCodeLensProvider(experimentSelector, new TrainLenses()),
    vscode.languages.registerCodeLensProvider(studySelector, new StudyLenses()),
    // After a save the table may be another one.
    vscode.workspace.onDidSaveTextDocument((document) => tables.forget(document.uri.fsPath)),
    vscode.workspace.onDidGrantWorkspaceTrust(() => tables.forgetAll()),
  );
}
