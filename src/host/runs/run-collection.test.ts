import { afterEach, expect, it, vi } from 'vitest';
import { RunCollection } from './run-collection.js';
import { temporaryRun } from './temporary-run.fixture.js';

vi.mock('vscode', async () => (await import('../editor/fake-vscode.fixture.js')).fakeVscode());

const runs = new RunCollection();
afterEach(() => runs.dispose());

it('runs of a folder that has left the workspace are forgotten, those that were asked for stay', async () => {
  const [stays, leaves, asked] = [await temporaryRun(), await temporaryRun(), await temporaryRun()];
  await runs.followAll(new Set([stays.runsFolder, leaves.runsFolder]));
  await runs.lookAt(asked.folder);
  const removed: string[] = [];
  runs.onDidChange((change) => removed.push(...change.removed.map(({ entry }) => entry.folder)));
  await runs.followAll(new Set([stays.runsFolder]));
  expect(removed).toEqual([leaves.folder]);
  expect(runs.at(leaves.folder)).toBeUndefined();
  expect(runs.runs.map(({ entry }) => entry.folder).sort()).toEqual([stays.folder, asked.folder].sort());
  await runs.followAll(new Set([stays.runsFolder, leaves.runsFolder]));
  expect(runs.at(leaves.folder)?.entry.folder).toBe(leaves.folder);
});
