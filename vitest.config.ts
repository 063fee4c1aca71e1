import { defineConfig } from 'vitest/config';
import { bundledTfjs } from './scripts/test/bundled-tfjs.mjs';
import { limits } from './test/patience.mjs';

export default defineConfig({
  plugins: [bundledTfjs()],
  test: {
    ...limits,
    include: [
      'src/**/*.test.ts',
      'webview/**/*.test.ts',
      'test/webview/**/*.test.ts',
      'test/tables/**/*.test.ts',
      'scripts/**/*.test.ts',
      'test/*.test.ts',
      'test/real-host/**/*.test.ts',
    ],
    // DuckDB and tfjs hold native state: each file gets a process of its own.
    pool: 'forks',
    globalSetup: './scripts/test/build-kernel-first.mjs',
  },
});
