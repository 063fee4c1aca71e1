import { execFileSync } from 'node:child_process';

/** Whether git can be called here. */
export const hasGit = ((): boolean => {
  try {
    execFileSync('git', ['--version']);
    return true;
  } catch {
    return false;
  }
})();

/** Why a test that makes a repository is skipped where it cannot. */
export const withoutGit = 'git is not installed';
