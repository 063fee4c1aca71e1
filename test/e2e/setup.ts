import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, type TestContext } from 'vitest';
import { out } from '../../scripts/paths.mjs';
import { openPages } from './stage.js';

const failedJourneys = new Set<string>();
const journeyOf = ({ task }: TestContext): string => task.suite?.id ?? task.file.id;

/**
 * A journey's steps follow each other: after one that failed, the rest would only wait for what cannot come.
 */
beforeEach((context) => {
  if (failedJourneys.has(journeyOf(context))) context.skip('an earlier step of this journey failed');
});

/** Pictures of what was on the screen when a step failed: out/e2e/. */
afterEach(async (context) => {
  if (context.task.result?.state !== 'fail') return;
  failedJourneys.add(journeyOf(context));
  await mkdir(join(out, 'e2e'), { recursive: true });
  for (const [index, page] of openPages.entries()) {
    const name = `${context.task.name.replaceAll(/[^\w]+/g, '-')}-${index + 1}.png`;
    await page.screenshot({ path: join(out, 'e2e', name) }).catch(() => undefined);
  }
});
