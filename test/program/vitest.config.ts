import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/program/**/*.test.ts'], pool: 'forks', testTimeout: 120_000, maxWorkers: 1 },
});
