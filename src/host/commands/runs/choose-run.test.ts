import { expect, it, vi } from 'vitest';
import type { ExtensionParts } from '../../parts.js';
import { exampleRun } from '../../runs/example-run.fixture.js';
import type { ReadableRun } from '../../runs/run-collection.js';
import { RunNode } from '../../runs-view/run-node.js';
import { chooseRun, chooseRuns } from './choose-run.js';

vi.mock('vscode', async () => (await import('../../editor/fake-vscode.fixture.js')).fakeVscode());

const [one, two, three] = ['a', 'b', 'c'].map((id): ReadableRun => ({
  workspace: '/films',
  store: null as never,
  entry: exampleRun({ id }),
}));
const all = [one!, two!, three!];
const node = (run: ReadableRun) => new RunNode(run, null);
const parts = {
  runs: { lookAt: (folder: string) => Promise.resolve(all.find(({ entry }) => entry.folder === folder)) },
} as unknown as ExtensionParts;
const choice = { placeholder: '', none: '', refuse: () => null };

it('what works on several runs takes the selection, what works on one that on which the menu was opened', async () => {
  const selected = [node(one!), node(two!)];
  const args = [node(three!), selected];
  expect((await chooseRuns(parts, [node(two!), selected], choice)).map(({ entry }) => entry.id)).toEqual([
    'a',
    'b',
  ]);
  expect(await chooseRun(parts, args, choice)).toBe(three);
  expect(await chooseRun(parts, [node(two!), selected], choice)).toBe(two);
});
