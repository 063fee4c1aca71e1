import { expect, test } from 'vitest';
import { lockOf } from './tensorflow-lock.mjs';

test('a lock file is cut down to some packages with all that they need, each with its hash', () => {
  const one = { version: '1.0.0', integrity: 'sha512-a' };
  const packages = {
    'node_modules/a': { ...one, optional: true, dependencies: { b: '^1', c: '^2' } },
    'node_modules/a/node_modules/b': { ...one, version: '1.1.0', dev: true, peerDependencies: { gone: '1' } },
    'node_modules/b': { ...one, version: '3.0.0' },
    'node_modules/c': { ...one, dependencies: { b: '^3' } },
    'node_modules/other': one,
  };
  expect(lockOf(packages, ['a'])).toEqual({
    name: 'tensorflow',
    dependencies: { a: '1.0.0' },
    packages: {
      'node_modules/a': { ...one, dependencies: { b: '^1', c: '^2' } },
      'node_modules/a/node_modules/b': { ...one, version: '1.1.0', peerDependencies: { gone: '1' } },
      'node_modules/b': { ...one, version: '3.0.0' },
      'node_modules/c': { ...one, dependencies: { b: '^3' } },
    },
  });
  expect(() => lockOf({ 'node_modules/a': { version: '1.0.0' } }, ['a'])).toThrow(
    'has no hash for node_modules/a',
  );
});
