import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { realpathSync } from 'node:fs';
import { expect, it } from 'vitest';
import { run } from './run.js';

it('a program starts in the folder of this one, not where a person works, unless it is told another', async () => {
  const own = dirname(fileURLToPath(import.meta.url));
  expect((await run(process.execPath, ['-p', 'process.cwd()'])).trim()).toBe(realpathSync(own));
  expect((await run(process.execPath, ['-p', 'process.cwd()'], { cwd: '/' })).trim()).toBe('/');
});
