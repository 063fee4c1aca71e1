import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { hasGit, withoutGit } from '../has-git.js';
import { Workspace } from '../program/program.js';
import { files, outsideFolder, preparedRun, write } from './prepared.js';

/** Nothing in a workspace chooses a program to run, or a library to load. */

const script = (marker: string): string => `#!/bin/sh\ntouch '${marker}'\n`;
const module = (marker: string): string =>
  `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');\n`;

/** A workspace in which everything that could be taken for a part of the program leaves a marker. */
async function planted(): Promise<{ workspace: Workspace; marker: string }> {
  const workspace = await Workspace.create(files);
  const marker = workspace.path('marker');
  const packages = ['@tensorflow/tfjs-node', '@duckdb/node-api', '@duckdb/node-bindings', 'commander'];
  await write(workspace.folder, {
    ...Object.fromEntries(
      packages.flatMap((name) => [
        [`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' })],
        [`node_modules/${name}/index.js`, module(marker)],
      ]),
    ),
    // The first file of it that is asked for.
    'node_modules/@mapbox/node-pre-gyp/lib/pre-binding.js': module(marker),
    'native.node': 'no library',
    'fused/native.node': 'no library',
    '.duckdbrc': `copy (select 1) to '${marker}';\n`,
    'pip.py': `open(${JSON.stringify(marker)}, 'w')\n`,
    ...Object.fromEntries(['node', 'git', 'pip', 'g++', 'mmoe'].map((name) => [name, script(marker)])),
  });
  for (const name of ['node', 'git', 'pip', 'g++', 'mmoe']) await chmod(workspace.path(name), 0o755);
  return { workspace, marker };
}

describe('a workspace with planted programs and libraries', () => {
  it.each([
    ['check', 'small.mmoe.json'],
    ['describe', 'table.csv'],
    ['train', 'small.mmoe.json'],
    ['train', 'small.mmoe.json', '--set', 'engine.use=tensorflow'],
    ['compare', 'small.mmoe.json', '--variants', 'mmoe,single-task'],
  ])('%s %s starts and loads none of them', async (...call) => {
    const { workspace, marker } = await planted();
    // An installed TensorFlow is asked for its package; this one's library is none, and another engine is taken.
    const cache = await outsideFolder();
    await write(join(cache, 'tensorflow'), {
      'installed.json': JSON.stringify({ format: 1, version: '2.18.1', binding: 'binding.node' }),
      'binding.node': 'no library',
    });
    vi.stubEnv('MMOE_CACHE', cache);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { code, stderr } = await workspace.mmoe(...call);
    expect(code, stderr).toBe(0);
    expect(existsSync(marker)).toBe(false);
  });

  it.each([
    `load 'planted.duckdb_extension'`,
    `install planted from '.'`,
    `select 1; load 'planted.duckdb_extension'`,
    `copy (select 1 a) to 'marker'`,
  ])('a query is one that reads, and no other statement: %s', async (sql) => {
    const { workspace, marker } = await planted();
    await workspace.write({
      'sql.mmoe.json': { ...files['small.mmoe.json'], data: { source: { sql } } },
      'planted.duckdb_extension': 'no extension',
    });
    const { code, stderr } = await workspace.mmoe('check', 'sql.mmoe.json');
    expect(code, stderr).toBe(2);
    expect(existsSync(marker)).toBe(false);
  });

  it('a query reads no file outside of the workspace, by any way to name it', async () => {
    const { workspace } = await planted();
    const outside = await outsideFolder();
    await write(outside, { 'table.csv': files['table.csv'] });
    await symlink(join(outside, 'table.csv'), workspace.path('linked.csv'));
    const up = `../../../../../..${outside}/table.csv`;
    for (const path of [join(outside, 'table.csv'), up, 'linked.csv']) {
      const sql = `select * from read_csv('${path}')`;
      await workspace.write({ 'sql.mmoe.json': { ...files['small.mmoe.json'], data: { source: { sql } } } });
      const { code, stdout } = await workspace.mmoe('check', 'sql.mmoe.json');
      expect(stdout).toContain('lies outside of the workspace');
      expect(code).toBe(2);
    }
  });
});

it('a repository names no program that a training or a resume starts', async ({ skip }) => {
  if (!hasGit) skip(withoutGit);
  const run = await preparedRun();
  const { workspace } = run;
  const [marker, program] = [join(run.outside, 'marker'), join(run.outside, 'program.sh')];
  await write(run.outside, { 'program.sh': script(marker) });
  await chmod(program, 0o755);
  const git = (...args: string[]): unknown => execFileSync('git', ['-C', workspace.folder, ...args]);
  git('init', '-q');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'one');
  for (const key of ['core.fsmonitor', 'core.pager', 'filter.x.clean', 'diff.external'])
    git('config', key, program);
  await write(workspace.folder, {
    '.gitattributes': '* filter=x\n',
    '.git/hooks/post-index-change': script(marker),
  });
  await chmod(workspace.path('.git/hooks/post-index-change'), 0o755);
  for (const call of [
    ['train', 'small.mmoe.json'],
    ['resume', run.id],
  ]) {
    const { code, stderr } = await workspace.mmoe(...call);
    expect(code, stderr).toBe(0);
  }
  expect((await workspace.read(run.id)).manifest.git?.commit).toMatch(/^[0-9a-f]{40}$/);
  expect(existsSync(marker)).toBe(false);
});
