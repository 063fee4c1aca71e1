import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, untilItWorks } from '../eventually.mjs';
import { closeQuickInput, openFile, quickInput, runCommand } from '../real-host/quick-input.mjs';
import { openContainer, webview } from '../real-host/workbench.mjs';
import { meetNotification } from './notifications.js';
import { fromMenu, manifest, runIds } from './runs-view.js';
import { setStage, type Stage } from './stage.js';

const seeds = 60;

/** Trainings that are short, and so many that they can be watched. */
const study = {
  base: {
    data: { source: { synthetic: { rows: 20_000, dimensions: 20 } } },
    tasks: [{ label: 'y1' }, { label: 'y2' }],
    training: { epochs: 60, batchSize: 64 },
  },
  vary: { 'model.variant': ['shared-bottom', 'mmoe'] },
  compare: { setting: 'model.variant', to: 'shared-bottom' },
  seeds,
};
const [all, folder] = [2 * seeds, '.mmoe/studies/methods'];

/**
 * A study goes from its file to the trash and back, in one window. Each step sees to it that the study is in the state
 * that it begins with, and can be run alone.
 */
describe('a study', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await setStage({ 'methods.study.json': JSON.stringify(study, null, 2) });
    page = await stage.open();
  });
  afterAll(() => stage.close());

  const path = (name: string): string => join(stage.workspace, folder, name);
  const lines = async (): Promise<string[]> => {
    const text = await readFile(path('runs.jsonl'), 'utf8').catch(() => '');
    return text.split('\n').filter((line) => line !== '');
  };
  const isTraining = async (): Promise<boolean> =>
    (await readdir(join(stage.workspace, folder)).catch((): string[] => [])).includes('trainer.json');
  const row = (words: string | RegExp): Locator =>
    page
      .locator('.pane')
      .filter({ has: page.locator('.pane-header', { hasText: 'Studies' }) })
      .locator('.monaco-list-row')
      .filter({ hasText: words })
      .first();
  /** Trains the whole study in a terminal, if it is not. */
  const trained = async (): Promise<void> => {
    if ((await lines()).length < all && !(await isTraining())) stage.terminal('study', 'methods.study.json');
    await eventually('all trainings', async () => (await lines()).length >= all && !(await isTraining()));
  };
  const openPage = async (words: string | RegExp = /\d+ runs/): Promise<void> => {
    await openContainer(page, 'MMoE');
    await untilItWorks('the page of the study', async (timeout) => {
      await row(words).click({ timeout });
      await webview(page).locator('mmoe-study-header').waitFor({ timeout });
    });
  };
  const menu = (entry: string): Promise<void> =>
    untilItWorks(entry, async (timeout) => {
      // The page of a run that has just been opened may come to the front.
      await row(/\d+ runs/).click({ timeout });
      await webview(page).getByRole('button', { name: 'More about this study' }).click({ timeout });
      await webview(page).getByRole('menuitem', { name: entry }).click({ timeout });
    });

  it('is begun above the first line of its file, and grows on its page', async () => {
    await openFile(page, 'methods.study.json');
    await untilItWorks('Train study above the first line', async (timeout) => {
      await page.locator('.codelens-decoration a').filter({ hasText: 'Train study' }).click({ timeout });
    });
    await eventually('the first training', async () => (await lines()).length > 0);
    const shown = webview(page);
    await shown.getByRole('heading', { name: 'methods', exact: true }).waitFor();
    await shown.getByText(new RegExp(`\\d+ of ${all} runs`)).waitFor();
    await openContainer(page, 'MMoE');
    await row(/methods/).waitFor();
  });

  it('stops, keeps what is trained, and goes on with what is missing', async () => {
    await eventually('no training', async () => !(await isTraining()) || (await lines()).length > 0);
    if (!(await isTraining()) || (await lines()).length > all / 2) {
      // A study that is done, or nearly, begins anew.
      await eventually('no training', async () => !(await isTraining()));
      await rm(join(stage.workspace, folder), { recursive: true, force: true });
      await openFile(page, 'methods.study.json');
      await runCommand(page, 'MMoE: Train Study');
    }
    await eventually('some trainings', async () => (await lines()).length > 1);
    await openPage(/of \d+ runs/);
    await webview(page).getByRole('button', { name: 'Stop', exact: true }).click();
    await webview(page).getByText('stopped', { exact: true }).waitFor();
    await eventually('its end', async () => !(await isTraining()));
    const kept = await lines();
    expect(kept.length).toBeLessThan(all);
    await row(/stopped/).waitFor();
    await webview(page).getByRole('button', { name: 'Go On' }).click();
    await eventually('all trainings', async () => (await lines()).length >= all);
    // Nothing is trained twice, and what was there stays as it was.
    const keys = (await lines()).map((line) => (JSON.parse(line) as { key: string }).key);
    expect(new Set(keys).size).toBe(all);
    expect((await lines()).slice(0, kept.length)).toEqual(kept);
    await webview(page).getByText('finished', { exact: true }).waitFor();
  });

  it('opens a training as a run, with the same numbers', async () => {
    await trained();
    await openPage();
    const before = await runIds(stage.workspace);
    const figure = webview(page).getByRole('application', { name: /Final values/ });
    await untilItWorks('a run that is picked', async (timeout) => {
      await figure.scrollIntoViewIfNeeded({ timeout });
      await figure.focus({ timeout });
      await page.keyboard.press('Home');
      await page.keyboard.press('Enter');
      await webview(page).getByRole('button', { name: 'Open as Run' }).waitFor({ timeout });
    });
    await webview(page).getByRole('button', { name: 'Open as Run' }).click();
    const id = await eventually('a run', async () => {
      const [added] = (await runIds(stage.workspace)).filter((one) => !before.includes(one));
      return added !== undefined && (await manifest(stage.workspace, added)).status === 'finished' && added;
    });
    const { name, seed, summary } = await manifest(stage.workspace, id);
    expect(name).toMatch(/^methods · shared-bottom · seed \d+$/);
    const line = (await lines())
      .map((one) => JSON.parse(one) as { seed: number; settings: object; test: unknown })
      .find((one) => one.seed === seed && JSON.stringify(one.settings).includes('shared-bottom'));
    expect(summary?.test).toEqual(line?.test);
    await page.locator('.tab').filter({ hasText: name }).waitFor();
  });

  it('takes another name and notes, which its folder keeps', async () => {
    await trained();
    await openPage();
    await menu('Rename Study');
    await untilItWorks('another name', async (timeout) => {
      await quickInput(page).fill('which method', { timeout });
      await quickInput(page).press('Enter', { timeout });
    });
    await webview(page).getByRole('heading', { name: 'which method', exact: true }).waitFor();
    await row(/which method/).waitFor();
    await menu('Edit Notes');
    await page.locator('.tab.active').filter({ hasText: 'Notes of which method' }).waitFor();
    await page.keyboard.type('mmoe wins here');
    await runCommand(page, 'File: Save');
    await eventually('the notes', async () =>
      (await readFile(path('about.json'), 'utf8').catch(() => '')).includes('mmoe wins here'),
    );
    await runCommand(page, 'View: Close Editor');
    await webview(page).getByText('mmoe wins here').waitFor();
    await closeQuickInput(page);
  });

  it('goes to the trash, and comes back with Undo', async () => {
    await trained();
    await openContainer(page, 'MMoE');
    const before = await lines();
    await fromMenu(page, row(/\d+ runs/), 'Delete Study');
    await eventually('no study', async () => (await lines()).length === 0);
    await row(/\d+ runs/).waitFor({ state: 'hidden' });
    await meetNotification(page, 'was moved to the trash', (message, timeout) =>
      message.getByRole('button', { name: 'Undo' }).click({ timeout }),
    );
    await row(/\d+ runs/).waitFor();
    expect(await lines()).toEqual(before);
  });
});
