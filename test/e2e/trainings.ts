import { join } from 'node:path';
import { systemProbe } from '../../src/run/liveness.js';
import { readStatus } from '../../src/run/reader.js';
import { runsFolderFor } from '../../src/run/files/run-paths.js';
import type { RunManifest, RunStatus } from '../../src/shared/run/run-manifest.js';
import { eventually } from '../eventually.mjs';
import { longExperiment } from './experiments.js';
import { runIds } from './runs-view.js';
import type { Stage } from './stage.js';

/** The files of a workspace in which runThatIs() can make runs. */
export const longExperimentFile = { 'long.mmoe.json': longExperiment };

/**
 * Returns the newest run of the workspace, in the state that a step begins with: the program starts, resumes
 * or stops it, depending on what the steps before have left. So no step needs the ones before.
 */
export async function runThatIs(wanted: 'running' | 'stopped', stage: Stage): Promise<RunManifest> {
  const { run: left } = await eventually('a run that is not queued, or none', async () => {
    const run = await newest(stage.workspace);
    return run?.status !== 'queued' && { run };
  });
  if (left?.status === wanted) return left.manifest;
  const canGoOn = left?.status === 'stopped' || left?.status === 'interrupted';
  if (canGoOn) stage.terminal('resume', left.manifest.id);
  else if (left?.status !== 'running') stage.terminal('train', 'long.mmoe.json');
  const { manifest } = await eventually('a run that trains', async () => {
    const run = await newest(stage.workspace);
    return run?.status === 'running' && run;
  });
  if (wanted === 'running') return manifest;
  stage.terminal('stop', manifest.id);
  return eventually('a run that is stopped', async () => {
    const run = await newest(stage.workspace);
    return run?.status === wanted && run.manifest;
  });
}

/** Returns the true status of a run; null: it cannot be read. */
export async function statusOf(workspace: string, id: string): Promise<RunStatus | null> {
  const run = await readStatus(join(runsFolderFor(workspace), id), systemProbe(), Date.now());
  return run.state === 'ok' ? run.status : null;
}

async function newest(workspace: string): Promise<{ manifest: RunManifest; status: RunStatus } | null> {
  const id = (await runIds(workspace)).at(-1);
  if (id === undefined) return null;
  const run = await readStatus(join(runsFolderFor(workspace), id), systemProbe(), Date.now());
  return run.state === 'ok' ? run : null;
}
