import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, untilItWorks } from '../eventually.mjs';
import { missingForRealHost } from '../real-host/prerequisites.mjs';
import { closeQuickInput, quickInput, quickPickRows, runCommand } from '../real-host/quick-input.mjs';
import { openContainer, webview } from '../real-host/workbench.mjs';
import { writeManyRuns } from './many-runs.js';
import { meetNotification } from './notifications.js';
import { manifest, runIds, runRow, runsPane } from './runs-view.js';
import { setStage, type Stage } from './stage.js';

const count = 300;
const experiment = JSON.stringify({ data: { source: 'gamma.csv' }, tasks: [{ label: 'income' }] });

/** Weeks of runs, found and decided upon by keys alone. */
describe.skipIf(missingForRealHost({ browser: true }) !== null)('300 runs', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await setStage({ 'gamma.mmoe.json': experiment });
    await writeManyRuns(stage.workspace, count);
    page = await stage.open();
    await openContainer(page, 'MMoE');
    await runRow(page, 'gamma').waitFor();
  });
  afterAll(() => stage.close());

  const tree = () => runsPane(page).locator('.monaco-list');
  const focused = () => runsPane(page).locator('.monaco-list-row.focused');
  const manifests = async () =>
    Promise.all((await runIds(stage.workspace)).map((id) => manifest(stage.workspace, id)));

  /** Goes down in the tree by keys, from its top, to the first row with these words. */
  async function goTo(words: string): Promise<void> {
    await untilItWorks(`the focus on ${words}`, async (timeout) => {
      await runCommand(page, 'MMoE: Focus on Runs View');
      await tree().and(page.locator(':focus')).waitFor({ timeout });
      await page.keyboard.press('Home');
      for (let row = 0; row < 60; row++) {
        if (((await focused().textContent({ timeout })) ?? '').includes(words)) return;
        await page.keyboard.press('ArrowDown');
      }
      throw new Error(`no row has ${words}`);
    });
  }

  /** Selects so many rows from the focused one on: the first key of a tree without a selection selects one only. */
  async function select(wanted: number): Promise<void> {
    const selected = runsPane(page).locator('.monaco-list-row.selected');
    for (let now = await selected.count(); now < wanted; now = await selected.count()) {
      await page.keyboard.press('Shift+ArrowDown');
      await eventually('another row', async () => (await selected.count()) !== now);
    }
    await expect.poll(() => selected.count()).toBe(wanted);
  }

  /** Takes an entry of the menu of what is focused, by keys. */
  async function take(entry: string): Promise<void> {
    const items = page.locator('.monaco-menu .action-item');
    await untilItWorks(`${entry} in the menu`, async (timeout) => {
      await page.keyboard.press('Shift+F10');
      await items.first().waitFor({ timeout });
      for (let i = 0; i < 30; i++) {
        await page.keyboard.press('ArrowDown');
        if (await items.and(page.locator('.focused')).filter({ hasText: entry }).isVisible()) {
          await page.keyboard.press('Enter');
          return;
        }
      }
      await page.keyboard.press('Escape');
      throw new Error(`the menu has no ${entry}`);
    });
  }

  /** Asks to rename the row with these words: a key that is pressed while the tree is drawn anew may meet no row. */
  async function rename(words: string, name: string): Promise<void> {
    await untilItWorks(`the name of ${words} in the box`, async (timeout) => {
      await closeQuickInput(page, timeout);
      await goTo(words);
      await page.keyboard.press('F2');
      await expect.poll(() => quickInput(page).inputValue(), { timeout }).toBe(name);
    });
  }

  /** Deletes the row with these words, and waits until so many runs are gone. */
  async function remove(words: string, runs: number): Promise<void> {
    const left = async () => (await runIds(stage.workspace)).length;
    await untilItWorks(`no ${words}`, async (timeout) => {
      await closeQuickInput(page, timeout);
      if ((await left()) === count) {
        await goTo(words);
        await page.keyboard.press('Delete');
      }
      await expect.poll(left, { timeout }).toBe(count - runs);
    });
  }

  async function filter(query: string, shown: string): Promise<void> {
    await untilItWorks(`the filter ${query}`, async (timeout) => {
      await runCommand(page, 'MMoE: Filter Runs…');
      await quickInput(page).fill(query, { timeout });
      await page.keyboard.press('Enter');
      await runsPane(page).getByText(shown).first().waitFor({ timeout });
    });
  }

  const undo = (words: RegExp) =>
    meetNotification(page, words, async (message: Locator, timeout) => {
      await message.getByRole('button', { name: 'Undo' }).click({ timeout });
    });

  it('are renamed by F2 and deleted by Delete, the one that is focused, with undo', async () => {
    await filter('variant = ple and learningRate = .01 and experiment = gamma', '5 of 300');
    await rename('seed 4', 'gamma ple seed 4');
    await quickInput(page).fill('the best');
    await page.keyboard.press('Enter');
    await runRow(page, 'the best').waitFor();
    await remove('the best', 1);
    expect(await readdir(join(stage.workspace, '.mmoe/trash'))).toHaveLength(1);
    await undo(/the best was moved to the trash/);
    await eventually('all runs', async () => (await runIds(stage.workspace)).length === count);
    expect((await manifests()).filter(({ name }) => name === 'the best')).toHaveLength(1);
  });

  it('are shown by Space with the focus left in the tree, and led through from the page', async () => {
    await filter('variant = ple and learningRate = .01 and experiment = gamma', '5 of 300');
    await goTo('seed 3');
    await page.keyboard.press('Space');
    await page.locator('.tab.active').filter({ hasText: 'seed 3' }).waitFor();
    await webview(page).getByRole('heading', { level: 1 }).filter({ hasText: 'seed 3' }).waitFor();
    expect(await tree().evaluate((list) => list.contains(document.activeElement))).toBe(true);
    await runCommand(page, 'MMoE: Open Next Run');
    await page.locator('.tab.active').filter({ hasText: 'seed 2' }).waitFor();
    await runCommand(page, 'MMoE: Open Previous Run');
    await page.locator('.tab.active').filter({ hasText: 'seed 3' }).waitFor();
  });

  it('stand in comparisons, which are opened, renamed and deleted by keys, with undo', async () => {
    await filter('experiment = alpha and learningRate = .01', '20 of 300');
    await goTo('4 variants × 5 seeds');
    await page.keyboard.press('Enter');
    await webview(page).getByText('20 runs').first().waitFor();
    await rename('4 variants × 5 seeds', 'alpha: single-task, shared-bottom, mmoe, ple, 5 seeds');
    await quickInput(page).fill('Fast ones');
    await page.keyboard.press('Enter');
    await runRow(page, 'Fast ones').waitFor();
    const named = async () =>
      (await manifests()).filter(({ comparison }) => comparison?.name === 'Fast ones').length;
    await eventually('its runs', async () => (await named()) === 20);
    await remove('Fast ones', 20);
    await undo(/Fast ones was moved to the trash/);
    await eventually('all runs', async () => (await named()) === 20);
  });

  it('are found by a query, and several are selected, tagged and archived, with undo', async () => {
    await filter('variant = ple and learningRate = .01 and experiment = gamma', '5 of 300');
    await goTo('seed 5');
    await select(3);
    await take('Tag Runs');
    await eventually('the tags', async () =>
      ((await quickInput(page).getAttribute('placeholder')) ?? '').startsWith('Choose tags'),
    );
    await quickInput(page).fill('keep');
    await quickPickRows(page, 'keep');
    await page.keyboard.press('Enter');
    const tagged = async () => (await manifests()).filter(({ tags }) => tags.includes('keep')).length;
    await eventually('three tags', async () => (await tagged()) === 3);
    // What is selected stays so.
    await runCommand(page, 'MMoE: Focus on Runs View');
    await take('Archive Run');
    const archived = async () => (await manifests()).filter((run) => run.archived === true).length;
    await eventually('three runs archived', async () => (await archived()) === 3);
    await runsPane(page).getByText('2 of 300').first().waitFor();
    await undo(/3 runs were archived/);
    await eventually('none archived', async () => (await archived()) === 0);
  });
});
