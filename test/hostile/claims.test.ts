import { readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeRun, contents, files, preparedRun, write } from './prepared.js';

/** What a prepared run folder says of itself is believed only so far. */

describe('a run that names an experiment elsewhere', () => {
  const outsideFiles = {
    'small.mmoe.json': JSON.stringify(files['small.mmoe.json']),
    'table.csv': files['table.csv'],
  };
  const ways: [string, (outside: string) => string][] = [
    ['upwards', (outside) => `../../../../../../../../..${outside}/small.mmoe.json`],
    ['by an absolute path', (outside) => `${outside}/small.mmoe.json`],
    ['through a link', () => 'linked/small.mmoe.json'],
  ];
  it.each(ways)('%s is not resumed, nor is that table predicted', async (_, named) => {
    const run = await preparedRun();
    // The very files that it was trained on: with them it would go on.
    await write(run.outside, outsideFiles);
    await symlink(run.outside, run.workspace.path('linked'));
    await changeRun(run.folder, { experimentFile: named(run.outside) });
    const before = await contents(run.folder);
    for (const call of [
      ['resume', run.id],
      ['predict', run.id, '--out', 'out.csv'],
    ]) {
      const { code, stderr } = await run.workspace.mmoe(...call);
      expect(stderr).toContain('lies outside of the workspace that you work in');
      expect(code).toBe(2);
    }
    const { 'log.txt': _log, 'run.json': _manifest, ...kept } = before;
    expect(await contents(run.folder)).toMatchObject(kept);
    expect(await run.workspace.read(run.id)).toMatchObject({ status: 'stopped' });
  });

  it('is not resumed from another place, though its own folder holds all', async () => {
    const run = await preparedRun();
    await rename(run.workspace.folder, join(run.outside, 'stranger'));
    await run.workspace.write(files);
    const folder = join(run.outside, 'stranger/.mmoe/runs', run.id);
    const { code, stderr } = await run.workspace.mmoe('resume', folder);
    expect(stderr).toContain('lies outside of the workspace that you work in');
    expect(code).toBe(2);
  });
});

describe('a heartbeat', () => {
  const hour = 3600;
  const made: [string, object, number][] = [
    ['of another machine with a far deadline', { host: 'elsewhere' }, -2 * hour],
    ['of another machine from the future', { host: 'elsewhere' }, 365 * 24 * hour],
    ['of this machine that does not say since when', { host: hostname(), pid: 1 }, -2 * hour],
  ];
  it.each(made)('%s does not show a run as running for ever', async (_, beat, age) => {
    const run = await preparedRun({ status: 'running' });
    const heartbeat = join(run.folder, 'heartbeat');
    const whole = { pid: 1, startedAt: null, bootId: null, deadlineSeconds: 1e12, ...beat };
    await writeFile(heartbeat, JSON.stringify(whole));
    const at = Date.now() / 1000 + age;
    await utimes(heartbeat, at, at);
    const { stdout } = await run.workspace.mmoe('runs', '--json');
    expect(JSON.parse(stdout)).toMatchObject([{ id: run.id, status: 'interrupted' }]);
  });
});

describe('a checkpoint with a flipped bit', () => {
  it.each([
    ['last', 'resume'],
    ['best', 'resume'],
    ['best', 'predict'],
  ])('in %s.safetensors is said by %s', async (name, command) => {
    const run = await preparedRun();
    const path = join(run.folder, 'checkpoints', `${name}.safetensors`);
    const bytes = await readFile(path);
    bytes[bytes.length - 3]! ^= 4;
    await writeFile(path, bytes);
    const { code, stderr } = await run.workspace.mmoe(
      ...(command === 'resume' ? ['resume', run.id] : ['predict', run.id, 'table.csv', '--out', 'out.csv']),
    );
    expect(stderr).toMatch(/checkpoint is damaged.*trains? the run anew.*safetensors/);
    expect(code).toBe(2);
    expect(await run.workspace.read(run.id)).toMatchObject({ status: 'stopped' });
    if (name === 'last') {
      expect(stderr).toMatch(/or delete the files of its folder: mmoe resume then trains the run anew/);
      for (const one of ['last', 'best'])
        await rm(join(run.folder, 'checkpoints', `${one}.safetensors`), { force: true });
      const anew = await run.workspace.mmoe('resume', run.id);
      expect(anew).toMatchObject({ code: 0 });
      expect(await run.workspace.read(run.id)).toMatchObject({ status: 'finished' });
    }
    await rm(run.workspace.path('out.csv'), { force: true });
  });
});
