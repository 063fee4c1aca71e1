import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { experimentSchema, type Experiment } from '../../experiment/schema.js';
import { experimentBase, type RunPaths } from '../../run/run-paths.js';
import { InputError } from '../../shared/errors.js';
import type { RunManifest } from '../../shared/run.js';

/** The experiment as it was run, whatever its file says by now. Throws InputError where run.json has none. */
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

/** Its sources are relative to this file's folder, whether the file is still there or not. */
export function experimentFileOf(manifest: RunManifest, paths: RunPaths): string {
  return resolve(experimentBase(dirname(paths.folder)), manifest.experimentFile ?? 'experiment.mmoe.json');
}
