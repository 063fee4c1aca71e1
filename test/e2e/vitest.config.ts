import { defineConfig } from 'vitest/config';

/**
 * Two windows at a time: the machine of the checks has two cores. A step has 30 s of its own (workbench.mjs).
 */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    setupFiles: ['test/e2e/setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
