import { defineConfig } from 'vitest/config';
import { limits } from '../patience.mjs';

export default defineConfig({
  test: { ...limits, include: ['test/program/**/*.test.ts'], pool: 'forks', maxWorkers: 1 },
});
