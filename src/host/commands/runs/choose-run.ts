import * as vscode from 'vscode';
import { selectionArgument } from '../../contributions/contributions.js';
import { t } from '../../editor/localise.js';
import type { ExtensionParts } from '../../parts.js';
import { folderOfAddress, isRunAddress } from '../../runs/run-address.js';
import { isReadable, type HostRun, type ReadableRun } from '../../runs/run-collection.js';
import { ComparisonNode, ListNode, RunNode } from '../../runs-view/run-node.js';
import { runDescription } from '../../runs/run-description.js';
import { statusIcons } from '../../runs/run-status-text.js';
import { plainText } from '../../editor/plain-text.js';

/**
 * Returns the runs that a command was called on: items of the tree, the view’s selection, run.json files or
 * folders; without an argument the run whose page is active. The result is empty if nothing was named.
 */
export async function namedRuns(parts: ExtensionParts, args: readonly unknown[]): Promise<HostRun[]> {
  const found = await Promise.all(namedFolders(parts, args).map((folder) => parts.runs.lookAt(folder)));
  return found.filter((run) => run !== undefined);
}

function namedFolders(parts: ExtensionParts, [first, all]: readonly unknown[]): string[] {
  if (Array.isArray(all) && all.length > 0) return all.flatMap(foldersOfNode);
  if (first instanceof RunNode || first instanceof ListNode) return foldersOfNode(first);
  if (Array.isArray(first)) return first.flatMap((one: unknown) => folderOf(one) ?? []);
  if (first === selectionArgument) return parts.runsView.selection.map((run) => run.entry.folder);
  return [folderOf(first) ?? parts.runEditor.activeFolder].filter((folder) => folder !== null);
}

function foldersOfNode(node: unknown): string[] {
  if (node instanceof ListNode)
    return (node instanceof ComparisonNode ? node.comparison : node).runs.map((run) => run.entry.folder);
  return node instanceof RunNode ? [node.run.entry.folder] : [];
}

function folderOf(argument: unknown): string | null {
  if (argument instanceof vscode.Uri) return isRunAddress(argument) ? folderOfAddress(argument) : null;
  return typeof argument === 'string' && argument !== '' ? argument : null;
}

export interface Choice {
  readonly placeholder: string;
  /** Returns why the command cannot work on a run; null: it can. */
  readonly refuse: (run: ReadableRun) => string | null;
  /** Is shown if there is nothing to choose from. */
  readonly none: string;
}

/**
 * Returns the runs that were named, else one that the person picks. Runs that the command cannot work on are
 * left out; if that leaves none, the person is told why.
 */
export async function chooseRuns(
  parts: ExtensionParts,
  args: readonly unknown[],
  choice: Choice,
): Promise<ReadableRun[]> {
  const named = await namedRuns(parts, args);
  if (named.length === 0) {
    const picked = await pickRun(parts, choice);
    return picked === undefined ? [] : [picked];
  }
  const refusals: string[] = [];
  const accepted = named.filter(isReadable).filter((run) => {
    const reason = choice.refuse(run);
    if (reason !== null) refusals.push(reason);
    return reason === null;
  });
  if (accepted.length === 0)
    void vscode.window.showInformationMessage(
      refusals[0] ?? t('This run cannot be read: {0}', reasonOf(named[0])),
    );
  return accepted;
}

/**
 * Returns one run, chosen as by `chooseRuns`. Of several selected items the one counts on which the menu was
 * opened, and not the first of them.
 */
export async function chooseRun(
  parts: ExtensionParts,
  args: readonly unknown[],
  choice: Choice,
): Promise<ReadableRun | undefined> {
  return (await chooseRuns(parts, args.slice(0, 1), choice))[0];
}

/** Lets the person pick another run than this one. */
export const pickOther = (parts: ExtensionParts, runFolder: string): Promise<ReadableRun | undefined> =>
  pickRun(parts, {
    placeholder: t('Hold the settings against which run?'),
    none: t('There is no other run yet.'),
    refuse: ({ entry }) => (entry.folder === runFolder ? '' : null),
  });

/** Lets the person pick one run. */
export async function pickRun(
  parts: ExtensionParts,
  { placeholder, refuse, none }: Choice,
): Promise<ReadableRun | undefined> {
  await parts.loaded();
  const runs = parts.runs.runs.filter(isReadable).filter((run) => refuse(run) === null);
  if (runs.length === 0) {
    void vscode.window.showInformationMessage(none);
    return undefined;
  }
  const items = runs.map((run) => ({
    label: `$(${statusIcons[run.entry.status].icon}) ${plainText(parts.runs.names.full(run))}`,
    description: runDescription(run.entry),
    detail: [run.entry.manifest.experimentFile, run.entry.id]
      .filter((text) => text !== null)
      .map(plainText)
      .join(' · '),
    run,
  }));
  return (
    await vscode.window.showQuickPick(items, {
      placeHolder: placeholder,
      matchOnDescription: true,
      matchOnDetail: true,
    })
  )?.run;
}

const reasonOf = (run: HostRun | undefined): string =>
  run?.entry.state === 'unreadable' ? run.entry.reason : '';
