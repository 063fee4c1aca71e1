import * as vscode from 'vscode';
import { programEnvironmentOverrides, type Program } from './program.js';

/** A call of the program whose output a person reads in a terminal, which stays open at its end. */
export interface TerminalCall {
  readonly name: string;
  readonly args: readonly string[];
  /** Default: that of the editor. */
  readonly folder?: string;
}

/** Runs the program in a terminal. */
export async function runInTerminal(
  { node, script }: Program,
  { name, args, folder }: TerminalCall,
): Promise<void> {
  const execution = new vscode.ProcessExecution(node, [script, ...args], {
    ...(folder !== undefined && { cwd: folder }),
    env: programEnvironmentOverrides,
  });
  const task = new vscode.Task({ type: 'process' }, vscode.TaskScope.Workspace, name, 'MMoE', execution, []);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: true, clear: true };
  await vscode.tasks.executeTask(task);
}
