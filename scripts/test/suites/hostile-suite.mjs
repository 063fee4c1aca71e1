import { vitestSuite } from './vitest-suite.mjs';

/**
 * The built program in workspaces and run folders that somebody has prepared: each test has a marker that
 * would appear, or change, if a guard failed. @type {import('../run-steps.mjs').Step}
 */
export const hostileSuite = {
  name: 'hostile',
  after: ['build'],
  run: () => vitestSuite('hostile', ['--config', 'test/hostile/vitest.config.ts']),
};
