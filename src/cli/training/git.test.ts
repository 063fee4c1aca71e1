import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasGit, withoutGit } from '../../../test/has-git.js';
import { readGit } from './git.js';

let folder: string;
const git = (...args: string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    encoding: 'utf8',
    env: { ...process.env, GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
const commit = (): string => {
  git('commit', '-q', '--allow-empty', '-m', 'one');
  return git('rev-parse', 'HEAD');
};

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'mmoe-git-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the commit and branch of a repository that git has made', () => {
  beforeEach(({ skip }) => {
    if (!hasGit) skip(withoutGit);
    git('init', '-q', '-b', 'trunk');
  });

  test('stand in its files, also below a folder of it', async () => {
    const id = commit();
    await mkdir(join(folder, 'a/b'), { recursive: true });
    expect(await readGit(folder)).toEqual({ commit: id, branch: 'trunk' });
    expect(await readGit(join(folder, 'a/b'))).toEqual({ commit: id, branch: 'trunk' });
  });

  test('are found among packed refs, and a later commit after them', async () => {
    const id = commit();
    git('pack-refs', '--all');
    expect(await readGit(folder)).toEqual({ commit: id, branch: 'trunk' });
    const next = commit();
    expect(await readGit(folder)).toEqual({ commit: next, branch: 'trunk' });
  });

  test('have no branch where HEAD is detached, and are null before the first commit', async () => {
    expect(await readGit(folder)).toBeNull();
    const id = commit();
    git('checkout', '-q', '--detach');
    expect(await readGit(folder)).toEqual({ commit: id, branch: null });
  });

  test('are a worktree’s own', async () => {
    const id = commit();
    git('branch', 'side/way');
    git('worktree', 'add', '-q', join(folder, 'tree'), 'side/way');
    commit();
    expect(await readGit(join(folder, 'tree'))).toEqual({ commit: id, branch: 'side/way' });
  });

  test('are read without starting a program that the repository names', async () => {
    const id = commit();
    const marker = join(folder, 'marker');
    const program = join(folder, 'program.sh');
    await writeFile(program, `#!/bin/sh\ntouch '${marker}'\n`);
    await chmod(program, 0o755);
    for (const key of ['core.fsmonitor', 'core.pager', 'core.sshCommand', 'filter.x.clean', 'diff.external'])
      git('config', key, program);
    await writeFile(join(folder, '.gitattributes'), '* filter=x\n');
    expect(await readGit(folder)).toEqual({ commit: id, branch: 'trunk' });
    expect(existsSync(marker)).toBe(false);
  });
});

test('a folder without a repository has no commit', async () => {
  await writeFile(join(folder, '.git'), 'gitdir: nowhere\n');
  expect(await readGit(folder)).toBeNull();
});

test('a HEAD that leads out of the refs, or is no commit, is none', async () => {
  await mkdir(join(folder, '.git'));
  for (const head of ['ref: refs/../../secret', 'ref: HEAD', 'no commit', '', 'a'.repeat(5000)]) {
    await writeFile(join(folder, '.git/HEAD'), head);
    expect(await readGit(folder)).toBeNull();
  }
});
