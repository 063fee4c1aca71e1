import { basename, dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { isInside, realPath } from '../../experiment/inside.js';
import { experimentSchema, type Experiment } from '../../experiment/schema.js';
import { experimentBase, type RunPaths } from '../../run/files/run-paths.js';
import { InputError } from '../../shared/errors.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import { workspaceHere } from './find-run.js';

/** Returns the experiment as it was run, not as its file is now. Throws InputError if run.json has none. */
export function experimentOf(manifest: RunManifest, paths: RunPaths): Experiment {
  if (manifest.experiment === null) {
    throw new InputError(
      'run.not-started',
      `run ${manifest.id} never began to train; train its experiment instead`,
      {
        file: paths.manifest,
      },
    );
  }
  const parsed = v.safeParse(experimentSchema, manifest.experiment);
  if (parsed.success) return parsed.output;
  throw new InputError(
    'run.experiment',
    `the experiment kept in run.json cannot be read: ${parsed.issues[0].message}`,
    {
      file: paths.manifest,
    },
  );
}

/** Returns what a run calls its experiment file, for messages: a path that nobody has looked at. */
export const experimentNameOf = (manifest: RunManifest, paths: RunPaths): string =>
  resolve(experimentBase(dirname(paths.folder)), manifest.experimentFile ?? 'experiment.mmoe.json');

/**
 * Returns the path of a run's experiment file, to whose folder sources are relative, with links followed. The
 * file may be gone. A run does not decide which files are read: throws InputError where its folder lies
 * outside of the workspace that the person works in.
 */
export function experimentFileOf(manifest: RunManifest, paths: RunPaths): string {
  const file = experimentNameOf(manifest, paths);
  const workspace = workspaceHere();
  const folder = realPath(dirname(file));
  if (isInside(realPath(workspace), folder)) return join(folder, basename(file));
  throw new InputError(
    'run.outside',
    `the experiment of run ${manifest.id} lies outside of the workspace that you work in, ${workspace}; ` +
      'to go on with it, change to its folder first',
    { file },
  );
}
