import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isInside, realPath } from '../../experiment/inside.js';
import { t } from '../editor/localise.js';
import type { ReadableRun, RunCollection } from './run-collection.js';

/**
 * Returns the path of the experiment file that a run names, and that name, or why it cannot be used, for people. A run does
 * not decide which files are opened and trained on: its experiment lies in its workspace, with links followed.
 */
export function experimentOfRun({
  entry,
  workspace,
}: ReadableRun): { readonly file: string; readonly named: string } | { readonly refusal: string } {
  const { name, experimentFile } = entry.manifest;
  if (experimentFile === null)
    return { refusal: t('{0} does not say which experiment it belongs to.', name) };
  const file = fileInWorkspace(workspace, experimentFile);
  if (file === null)
    return {
      refusal: t(
        'The experiment of {0} lies outside of the folder {1}, at {2}.',
        name,
        workspace,
        experimentFile,
      ),
    };
  return existsSync(file)
    ? { file, named: experimentFile }
    : { refusal: t('The experiment of {0} is no longer at {1}.', name, experimentFile) };
}

/**
 * Returns why a run cannot be trained here, for people; null: it can. Trust is given to a workspace, so a run
 * whose page was opened from elsewhere can only be looked at.
 */
export const whyNotHere = (runs: RunCollection, { entry }: ReadableRun): string | null =>
  runs.isOfWorkspace(entry.folder)
    ? null
    : t('{0} is not in a folder that is open here. Open its folder to train it.', entry.manifest.name);

/** Returns why the experiment of a run cannot be used, for people; null: it can. */
export function whyNoExperiment(run: ReadableRun): string | null {
  const experiment = experimentOfRun(run);
  return 'refusal' in experiment ? experiment.refusal : null;
}

/** Returns the path of a file that runs name; null: it lies outside of their workspace. */
export function fileInWorkspace(workspace: string, named: string): string | null {
  const file = join(workspace, named);
  return isInside(realPath(workspace), realPath(file)) ? file : null;
}
