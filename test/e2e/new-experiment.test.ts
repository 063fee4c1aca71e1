import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../eventually.mjs';
import { checkRow, openFile, quickInput, quickPickRows } from '../real-host/quick-input.mjs';
import { fromMenu, manifest, runIds } from './runs-view.js';
import { RunPage } from './run-page.js';
import { setStage, type Stage } from './stage.js';

const table = [
  'price,minutes,bought',
  ...Array.from(
    { length: 400 },
    (_, row) => `${(row * 7) % 50},${60 + ((row * 13) % 90)},${row % 3 === 0 ? 1 : 0}`,
  ),
].join('\n');

/** The second step trains this where it is run alone, without what the first one makes. */
const written = JSON.stringify({ data: { source: 'films.csv' }, tasks: [{ label: 'bought' }] });

describe('a new experiment', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await setStage({ 'films.csv': `${table}\n` });
    page = await stage.open();
  });
  afterAll(() => stage.close());

  it('is made from a table by a right-click and a few steps, and opens', async () => {
    const file = page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: 'films.csv' });
    await fromMenu(page, file, 'New Experiment from Data');

    const labels = await quickPickRows(page, 'bought');
    await quickInput(page).fill('bought');
    await labels.filter({ hasText: 'price' }).first().waitFor({ state: 'hidden' });
    await checkRow(labels.filter({ hasText: 'bought' }).first(), true);
    await quickInput(page).fill('');
    for (const other of ['price', 'minutes'])
      await checkRow(labels.filter({ hasText: other }).first(), false);
    await quickInput(page).press('Enter');
    for (const question of ['Which columns to leave out?', 'Which variant to begin with?']) {
      await page.getByPlaceholder(question).waitFor();
      await quickInput(page).press('Enter');
    }
    await page.locator('.tab.active').filter({ hasText: 'films.mmoe.json' }).waitFor();
    await page.locator('.codelens-decoration').filter({ hasText: 'Train' }).first().waitFor();

    const text = await readFile(join(stage.workspace, 'films.mmoe.json'), 'utf8');
    expect(text).toContain('"films.csv"');
    expect(text).toContain('"bought"');
    expect(text).toContain('//');
  });

  it('is trained by the line above it', async () => {
    const file = join(stage.workspace, 'films.mmoe.json');
    if (!existsSync(file)) await writeFile(file, written);
    await openFile(page, 'films.mmoe.json');
    await page.locator('.codelens-decoration a').filter({ hasText: 'Train' }).first().click();
    const id = await eventually('a run', async () => (await runIds(stage.workspace))[0]);
    await eventually('its end', async () => (await manifest(stage.workspace, id)).status === 'finished');
    const { summary, tasks } = await manifest(stage.workspace, id);
    expect(tasks.map(({ name }) => name)).toContain('bought');
    const shown = summary?.test?.['bought']?.['auc'];
    await new RunPage(page).waitForText(shown?.toFixed(4) ?? 'no test AUC');
  });
});
