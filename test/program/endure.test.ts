import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dist, root } from '../../scripts/paths.mjs';
import { endure } from '../endure/endure.js';
import { Running } from '../endure/programs.js';
import { expectSame, synthetic, Workspace } from './program.js';

const preload = join(root, 'test/endure/die-at-call.mjs');
const built = process.env['MMOE_DIST'] ?? dist;

/** `npm run endure` goes on for as long as one likes. */
test('killed twenty times at random moments, runs of several variants end as if nothing had happened', async () => {
  const tally = await endure({
    seed: Number(process.env['MMOE_TEST_SEED'] ?? Date.now() % 100_000),
    kills: 20,
    minutes: 0,
    dist: built,
    preload,
    print: (line) => console.log(line),
  });
  expect(tally.kills).toBeGreaterThanOrEqual(20);
});

test('killed just after it is made, a run can be resumed, and trains what it was made for', async () => {
  const workspace = await Workspace.create({ 'x.mmoe.json': synthetic });
  const program = { script: join(built, 'cli.js'), preload };
  const deadly = { seen: 'heartbeat', calls: 1, moment: 'before' } as const;
  const train = ['train', 'x.mmoe.json', '--set', 'training.seed=77'];
  const killed = new Running(program, workspace.folder, train, deadly);
  expect((await killed.ended).signal).toBe('SIGKILL');
  const [id] = await workspace.runs();
  expect((await workspace.read(id!)).manifest.status).toBe('queued');
  expect(await workspace.mmoe('resume', id!)).toMatchObject({ code: 0 });
  expect(await workspace.mmoe(...train)).toMatchObject({ code: 0 });
  const [, reference] = await workspace.runs();
  await expectSame(workspace, id!, reference!);
});
