import { execFileSync, spawn } from 'node:child_process';
import { chmod, chown, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dist } from '../../scripts/paths.mjs';
import { fill, mountDisk, unmountDisk } from '../small-disk.js';
import { closely, ended, expectSame, synthetic, Workspace, type Ended } from './program.js';

const program = join(process.env['MMOE_DIST'] ?? dist, 'cli.js');

/** Mounts a small disk of its own at a folder until the test ends; false: this machine does not let us. */
function mountSmallDisk(folder: string, kilobytes: number): boolean {
  if (!mountDisk(folder, kilobytes)) return false;
  onTestFinished(() => unmountDisk(folder));
  return true;
}

const long = { ...synthetic, training: { ...synthetic.training, epochs: 1500 } };

test('a disk that gets full while a run trains is told once, and the run goes on to the same digits', async ({
  skip,
}) => {
  const workspace = await Workspace.create();
  if (!mountSmallDisk(workspace.folder, 60_000)) skip('root does not allow mounting here');
  await workspace.write({ '.vscode/settings.json': '{}', 'x.mmoe.json': long });
  const end = workspace.mmoe('train', 'x.mmoe.json');
  const id = await closely('its folder', async () => (await workspace.runs())[0]);
  await closely('epochs', async () => (await workspace.read(id)).history.epochs.length > 3);
  const ballast = await fill(workspace.folder);
  const { code, stderr } = await end;
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(
      new RegExp(
        '^error: the disk is full( \\([^)]*\\))?; the run is safe up to its last checkpoint: ' +
          `make room, and go on with mmoe resume ${id}\\n$`,
      ),
    ) as string,
  });
  expect(await readdir(workspace.runFolder(id))).not.toContain('run.json.lock');
  expect(await workspace.mmoe('runs')).toMatchObject({ code: 0 });
  const refused = await workspace.mmoe('train', 'x.mmoe.json');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/^error: a run cannot be made: the disk is full[^\n]*\n$/);
  expect(await workspace.runs()).toEqual([id]);

  execFileSync('rm', [ballast]);
  expect(await workspace.mmoe('resume', id)).toMatchObject({ code: 0, stderr: '' });
  expect(await workspace.mmoe('train', 'x.mmoe.json')).toMatchObject({ code: 0 });
  const [, reference] = await workspace.runs();
  await expectSame(workspace, id, reference!);
  expect((await readdir(workspace.path('.mmoe/runs'))).length).toBe(2);
});

test('a disk that cannot be written is told in one line, for every command that writes', async ({ skip }) => {
  const workspace = await Workspace.create();
  if (!mountSmallDisk(workspace.folder, 40_000)) skip('root does not allow mounting here');
  await workspace.write({
    '.vscode/settings.json': '{}',
    'x.mmoe.json': synthetic,
    't.csv': 'a,y\n1,0\n2,1\n',
  });
  expect(await workspace.mmoe('train', 'x.mmoe.json')).toMatchObject({ code: 0 });
  execFileSync('mount', ['-o', 'remount,ro', workspace.folder]);
  const [id] = await workspace.runs();
  for (const args of [
    ['train', 'x.mmoe.json'],
    ['compare', 'x.mmoe.json', '--variants', 'mmoe,omoe'],
    ['data', 'x.mmoe.json', '--out', 'rows.csv'],
    ['predict', id!, '--out', 'p.csv'],
    ['new', 't.csv'],
    ['sample', 'samples'],
  ]) {
    const { code, stderr } = await workspace.mmoe(...args);
    expect({ args, code, stderr }).toEqual({
      args,
      code: 1,
      stderr: expect.stringMatching(
        /^error: [^\n]*the disk is read-only[^\n]*make it writable[^\n]*\n$/,
      ) as string,
    });
  }
  expect(await workspace.mmoe('runs')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(id!) as string,
  });
});

test('without permission, runs that cannot be read are not none, and nothing is half written', async ({
  skip,
}) => {
  if (process.getuid?.() !== 0) skip('only root can start a program as somebody else');
  const workspace = await Workspace.create({ 'x.mmoe.json': synthetic });
  const nobody = 65534;
  const asNobody = (...args: string[]): Promise<Ended> =>
    ended(
      spawn(process.execPath, [program, ...args], {
        cwd: workspace.folder,
        uid: nobody,
        gid: nobody,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  await chmod(workspace.folder, 0o755);
  const first = await asNobody('train', 'x.mmoe.json');
  expect(first).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^error: the folder for runs cannot be made: permission is denied [^\n]*; see who may read and write there, or name/,
    ) as string,
  });
  await mkdir(workspace.path('.mmoe/runs'), { recursive: true, mode: 0o700 });
  await chown(workspace.path('.mmoe/runs'), 0, 0);
  expect(await asNobody('runs')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^error: permission is denied \([^\n]*runs\); [^\n]*\n$/) as string,
  });
});
