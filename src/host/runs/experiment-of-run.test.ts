import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../run/run-folder.fixture.js';
import { experimentOfRun, whyNotHere } from './experiment-of-run.js';
import { isReadable, RunCollection, type ReadableRun } from './run-collection.js';
import { changeManifest, temporaryRun } from './temporary-run.fixture.js';

vi.mock('vscode', async () => (await import('../editor/fake-vscode.fixture.js')).fakeVscode());

let runs: RunCollection;
let run: Awaited<ReturnType<typeof temporaryRun>>;
beforeEach(async () => {
  runs = new RunCollection();
  run = await temporaryRun();
});
afterEach(() => runs.dispose());

/** The run as the host knows it, when it names this experiment. */
async function naming(experimentFile: string | null): Promise<ReadableRun> {
  await changeManifest(run.folder, { experimentFile });
  const found = await runs.lookAt(run.folder);
  if (found === undefined || !isReadable(found)) throw new Error('no such run');
  return found;
}

it('the experiment of a run is the file of its workspace that it names', async () => {
  await mkdir(join(run.workspace, 'deep'));
  await writeFile(join(run.workspace, 'deep/census.mmoe.json'), '{}');
  expect(experimentOfRun(await naming('deep/census.mmoe.json'))).toEqual({
    file: join(run.workspace, 'deep/census.mmoe.json'),
    named: 'deep/census.mmoe.json',
  });
  expect(experimentOfRun(await naming('gone.mmoe.json'))).toEqual({
    refusal: expect.stringContaining('no longer at gone.mmoe.json') as unknown,
  });
  expect(experimentOfRun(await naming(null))).toHaveProperty('refusal');
});

it('a file outside of the workspace is no experiment of a run, by .. or by a link', async () => {
  const outside = join(await temporaryFolder(), 'other.mmoe.json');
  await writeFile(outside, '{}');
  await symlink(dirname(outside), join(run.workspace, 'linked'));
  const up = '../'.repeat(run.workspace.split('/').length);
  for (const name of [`${up}${outside}`, 'linked/other.mmoe.json'])
    expect(experimentOfRun(await naming(name))).toEqual({
      refusal: expect.stringContaining('lies outside of the folder') as unknown,
    });
});

it('a run is trained where its folder is open, not where its page was opened from elsewhere', async () => {
  const found = await naming(null);
  expect(whyNotHere(runs, found)).toMatch(/not in a folder that is open here/);
  await runs.followAll(new Set([run.runsFolder]));
  expect(whyNotHere(runs, found)).toBeNull();
});
