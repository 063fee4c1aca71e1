import { expect, test } from 'vitest';
import { parseGitStatus } from './git.js';

test('git’s status gives commit, branch and whether tracked files differ', () => {
  const clean = '# branch.oid 4bf1\n# branch.head main\n';
  expect(parseGitStatus(clean)).toEqual({ commit: '4bf1', branch: 'main', dirty: false });
  expect(parseGitStatus(`${clean}1 .M N... 100644 100644 100644 a b file.txt\n`)?.dirty).toBe(true);
  expect(parseGitStatus('# branch.oid 4bf1\n# branch.head (detached)\n')?.branch).toBeNull();
  expect(parseGitStatus('# branch.oid (initial)\n# branch.head main\n')).toBeNull();
});
