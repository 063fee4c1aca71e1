import * as vscode from 'vscode';
import { taskType } from '../contributions/contributions.js';
import type { ExperimentCollection } from '../experiments/experiment-collection.js';
import { t } from '../editor/localise.js';
import type { Program } from '../program/program.js';
import { programEnvironmentOverrides } from '../program/program.js';

interface MmoeTask extends vscode.TaskDefinition {
  readonly experiment: string;
  readonly set?: readonly string[];
}

const isMmoeTask = (definition: vscode.TaskDefinition): definition is MmoeTask =>
  definition.type === taskType &&
  typeof definition['experiment'] === 'string' &&
  (definition['set'] === undefined ||
    (Array.isArray(definition['set']) && definition['set'].every((item) => typeof item === 'string')));

/**
 * Provides tasks that train an experiment in a terminal: one for each file that is found, and those that
 * tasks.json names.
 */
export class TrainTasks implements vscode.TaskProvider {
  constructor(
    private readonly experiments: ExperimentCollection,
    private readonly program: () => Program,
  ) {}

  async provideTasks(): Promise<vscode.Task[]> {
    await this.experiments.ready();
    return this.experiments.experiments.flatMap(({ uri }) => {
      const folder = vscode.workspace.getWorkspaceFolder(uri);
      return folder === undefined
        ? []
        : [this.task({ type: taskType, experiment: vscode.workspace.asRelativePath(uri, false) }, folder)];
    });
  }

  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const folder = typeof task.scope === 'object' ? task.scope : vscode.workspace.workspaceFolders?.[0];
    // VS Code requires the definition to be the very object that it passed.
    return folder !== undefined && isMmoeTask(task.definition)
      ? this.task(task.definition, folder)
      : undefined;
  }

  private task(definition: MmoeTask, folder: vscode.WorkspaceFolder): vscode.Task {
    const { node, script } = this.program();
    const sets = (definition.set ?? []).flatMap((setting) => ['--set', setting]);
    const execution = new vscode.ProcessExecution(node, [script, 'train', definition.experiment, ...sets], {
      cwd: folder.uri.fsPath,
      env: programEnvironmentOverrides,
    });
    const task = new vscode.Task(
      definition,
      folder,
      t('train {0}', definition.experiment),
      'mmoe',
      execution,
      '$mmoe',
    );
    task.group = vscode.TaskGroup.Build;
    task.detail = t('Train this experiment in a terminal');
    return task;
  }
}
