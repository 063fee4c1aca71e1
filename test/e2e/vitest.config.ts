import { defineConfig } from 'vitest/config';
import { limits } from '../patience.mjs';

/** Two files run at a time, each with a window: the machine of the checks has two cores. */
export default defineConfig({
  test: {
    ...limits,
    include: ['test/e2e/**/*.test.ts'],
    setupFiles: ['test/e2e/setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
  },
});
