import { vitestSuite } from './vitest-suite.mjs';

/**
 * The built program in a process of its own, on this Node and on Node 24. @type
 * {import('../run-steps.mjs').Step}
 */
export const programSuite = {
  name: 'program',
  after: ['build'],
  run: () => vitestSuite('program', ['--config', 'test/program/vitest.config.ts']),
};
