import { defineConfig } from 'vitest/config';
import { limits } from '../patience.mjs';

export default defineConfig({
  test: { ...limits, include: ['test/hostile/**/*.test.ts'], pool: 'forks', maxWorkers: 1 },
});
