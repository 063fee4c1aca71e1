import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { RunManifest } from '../../shared/run/run-manifest.js';

/** Bytes that a file with one line may have, and one that lists all refs. */
const limitBytes = 1 << 12;
const packedLimitBytes = 1 << 25;

/**
 * Reads which commit and branch a folder's repository stands at, from its files alone: git itself would start
 * programs that a repository's own configuration names. Returns null where there is no repository, no commit
 * yet, or a format that keeps no plain files (reftable). Whether files differ from the commit cannot be told
 * this way, so nothing is said of it.
 */
export async function readGit(folder: string): Promise<RunManifest['git']> {
  const gitFolder = await gitFolderOf(folder);
  if (gitFolder === null) return null;
  const head = (await readSmall(join(gitFolder, 'HEAD')))?.trim() ?? '';
  if (isCommit(head)) return { commit: head, branch: null };
  const ref = /^ref: (refs\/[^\0\s]+)$/.exec(head)?.[1];
  if (ref === undefined || ref.split('/').includes('..')) return null;
  const common = await commonFolderOf(gitFolder);
  const commit = (await looseRef(gitFolder, common, ref)) ?? (await packedRef(common, ref));
  return commit === null ? null : { commit, branch: ref.replace(/^refs\/heads\//, '') };
}

/** A commit's name is its SHA-1 or SHA-256 in hexadecimal digits. */
const isCommit = (text: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);

/** Finds `.git` in the folder or above it; that of a worktree or submodule is a file that names a folder. */
async function gitFolderOf(folder: string): Promise<string | null> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const git = join(at, '.git');
    if ((await readSmall(join(git, 'HEAD'))) !== null) return git;
    const elsewhere = /^gitdir: ([^\0\n]+)\n?$/.exec((await readSmall(git)) ?? '')?.[1];
    if (elsewhere !== undefined) return isAbsolute(elsewhere) ? elsewhere : resolve(at, elsewhere);
    if (at === dirname(at)) return null;
  }
}

/** A worktree keeps its HEAD for itself and shares its branches with the main one. */
async function commonFolderOf(gitFolder: string): Promise<string> {
  const written = (await readSmall(join(gitFolder, 'commondir')))?.trim() ?? '';
  return written === '' ? gitFolder : resolve(gitFolder, written);
}

async function looseRef(gitFolder: string, common: string, ref: string): Promise<string | null> {
  for (const folder of new Set([gitFolder, common])) {
    const commit = (await readSmall(join(folder, ref)))?.trim() ?? '';
    if (isCommit(commit)) return commit;
  }
  return null;
}

/** gitrepository-layout(5): `packed-refs` has a line `<commit> <ref>` for each ref without a file. */
async function packedRef(common: string, ref: string): Promise<string | null> {
  const lines = (await readSmall(join(common, 'packed-refs'), packedLimitBytes))?.split('\n') ?? [];
  const commit = lines.find((line) => line.endsWith(` ${ref}`))?.split(' ')[0] ?? '';
  return isCommit(commit) ? commit : null;
}

/** Returns the text of a regular file of at most `limit` bytes; null: there is none. A pipe is not read. */
async function readSmall(path: string, limit = limitBytes): Promise<string | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const info = await file.stat();
      return info.isFile() && info.size <= limit ? await file.readFile('utf8') : null;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}
