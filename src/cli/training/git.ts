import { execFile } from 'node:child_process';
import type { RunManifest } from '../../shared/run/run-manifest.js';

/** Commit, branch and whether tracked files differ; null without git or a repository. */
export function readGit(folder: string): Promise<RunManifest['git']> {
  return new Promise((resolve) => {
    execFile(
      'git',
      ['-C', folder, '--no-optional-locks', 'status', '--porcelain=v2', '--branch', '--untracked-files=no'],
      { timeout: 3000, maxBuffer: 1 << 24, windowsHide: true },
      (error, output) => resolve(error === null ? parseGitStatus(output) : null),
    );
  });
}

/** git-status(1), porcelain format version 2. */
export function parseGitStatus(text: string): RunManifest['git'] {
  const lines = text.split('\n').filter((line) => line !== '');
  const header = (name: string): string | null =>
    lines.find((line) => line.startsWith(`# ${name} `))?.slice(name.length + 3) ?? null;
  const commit = header('branch.oid');
  if (commit === null || commit === '(initial)') return null;
  const branch = header('branch.head');
  return {
    commit,
    branch: branch === '(detached)' ? null : branch,
    dirty: lines.some((line) => !line.startsWith('#')),
  };
}
