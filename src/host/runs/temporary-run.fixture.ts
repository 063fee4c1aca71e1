import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { createRunFolder } from '../../run/create-run.js';
import { temporaryFolder } from '../../run/run-folder.fixture.js';
import { runPaths, runsFolderFor } from '../../run/files/run-paths.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';

/** Makes a queued run in a temporary workspace of its own, which is removed after the test. */
export async function temporaryRun(
  name = 'census mmoe',
): Promise<{ workspace: string; runsFolder: string; id: string; folder: string }> {
  const workspace = await temporaryFolder();
  const runsFolder = runsFolderFor(workspace);
  return {
    workspace,
    runsFolder,
    ...(await createRunFolder(runsFolder, { name, experimentFile: 'census.mmoe.json' })),
  };
}

/** Changes run.json as another process would. */
export async function changeManifest(folder: string, change: Partial<RunManifest>): Promise<void> {
  const { manifest } = runPaths(folder);
  const whole = JSON.parse(await readFile(manifest, 'utf8')) as object;
  await writeFile(manifest, JSON.stringify({ ...whole, ...change }));
}

/** Appends step events, numbered `from` to `to`, as whole lines. */
export async function appendSteps(folder: string, from: number, to: number): Promise<void> {
  const lines = Array.from({ length: to - from + 1 }, (_, index) => {
    const seq = from + index;
    const losses = { income: 1 / seq };
    return `${JSON.stringify({ seq, type: 'step', time: seq, step: seq, epoch: 1, losses })}\n`;
  });
  await appendFile(runPaths(folder).events, lines.join(''));
}
