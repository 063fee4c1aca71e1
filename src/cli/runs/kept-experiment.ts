import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { experimentSchema, type Experiment } from '../../experiment/schema.js';
import { experimentBase, type RunPaths } from '../../run/run-paths.js';
import { InputError } from '../../shared/errors.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';

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

/** Returns the path of a run's experiment file, to whose folder sources are relative. It may be gone. */
export function experimentFileOf(manifest: RunManifest, paths: RunPaths): string {
  return resolve(experimentBase(dirname(paths.folder)), manifest.experimentFile ?? 'experiment.mmoe.json');
}
