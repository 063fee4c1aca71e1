import { defineConfig } from 'vitest/config';
import { bundledTfjs } from './scripts/test/bundled-tfjs.mjs';

export default defineConfig({
  plugins: [bundledTfjs()],
  test: {
    include: [
      'src/**/*.test.ts',
      'webview/**/*.test.ts',
      'test/webview/**/*.test.ts',
      'scripts/**/*.test.ts',
      'test/real-host/**/*.test.ts',
    ],
    // DuckDB and tfjs hold native state: each file gets a process of its own.
    pool: 'forks',
    globalSetup: './scripts/test/build-kernel-first.mjs',
    // Long enough for a machine that is busy with other things: a test that hangs still ends.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
