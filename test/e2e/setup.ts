import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { out } from '../../scripts/paths.mjs';
import { openPages } from './stage.js';

/** Saves pictures of what was on the screen when a step failed, in out/e2e/. */
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await mkdir(join(out, 'e2e'), { recursive: true });
  for (const [index, page] of openPages.entries()) {
    const name = `${task.name.replaceAll(/[^\w]+/g, '-')}-${index + 1}.png`;
    await page.screenshot({ path: join(out, 'e2e', name) }).catch(() => undefined);
  }
});
