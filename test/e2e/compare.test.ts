import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runsFolderFor } from '../../src/run/files/run-paths.js';
import { eventually, untilItWorks } from '../eventually.mjs';
import { closeQuickInput, quickInput, quickPickRows, runCommand } from '../real-host/quick-input.mjs';
import { openContainer, webview, workbenchReady } from '../real-host/workbench.mjs';
import { smallExperiment } from './experiments.js';
import { editorIsKept } from './kept-state.js';
import { fromMenu, manifest, runIds, runRow } from './runs-view.js';
import { setStage, type Stage } from './stage.js';

/**
 * A comparison was trained in a terminal and is looked at in the window. Each step begins by opening it, and
 * can be run alone.
 */
describe('a comparison', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await setStage({ 'small.mmoe.json': smallExperiment });
    stage.terminal('compare', 'small.mmoe.json', '--variants', 'single-task,mmoe', '--seeds', '2');
    await eventually('the end of four runs', async () => {
      const ids = await runIds(stage.workspace);
      const manifests = await Promise.all(ids.map((id) => manifest(stage.workspace, id)));
      return manifests.length === 4 && manifests.every(({ status }) => status === 'finished');
    });
    page = await stage.open();
  });
  afterAll(() => stage.close());

  const comparison = async (): Promise<string> => {
    const [id = ''] = await runIds(stage.workspace);
    return (await manifest(stage.workspace, id)).comparison!.id;
  };
  const methods = () =>
    webview(page).getByRole('table', { name: 'Results' }).locator('tbody .name').allInnerTexts();

  const heading = () =>
    webview(page).getByRole('heading', { name: 'small: single-task, mmoe, 2 seeds' }).first();
  const open = () =>
    untilItWorks('the comparison', async (timeout) => {
      await closeQuickInput(page, timeout);
      await runCommand(page, 'MMoE: Compare Runs');
      await quickPickRows(page, 'single-task · seed', timeout);
      await page.getByText('4 Selected').waitFor({ timeout });
      await quickInput(page).press('Enter', { timeout });
      await heading().waitFor({ timeout });
    });

  it('opens from the palette, with the newest comparison suggested', async () => {
    await open();
    await expect.poll(methods).toEqual(['single-task', 'mmoe']);
  });

  it('is there again after the window is reloaded', async () => {
    await open();
    await editorIsKept(page, await comparison());
    await page.reload();
    await workbenchReady(page);
    await heading().waitFor();
    await expect.poll(methods).toEqual(['single-task', 'mmoe']);
  });

  it('goes on from its menu in the tree where a run is missing, and from its page', async () => {
    const statuses = async (): Promise<string[]> =>
      (
        await Promise.all(
          (await runIds(stage.workspace)).map(async (id) => {
            const { name, status } = await manifest(stage.workspace, id);
            return `${name} ${status}`;
          }),
        )
      ).filter((text) => !text.startsWith('small omoe'));
    const all = ['mmoe', 'single-task'].flatMap((variant) =>
      [1, 2].map((seed) => `small ${variant} seed ${seed} finished`),
    );
    const removeOne = async (): Promise<void> => {
      const ids = await runIds(stage.workspace);
      const manifests = await Promise.all(ids.map((id) => manifest(stage.workspace, id)));
      const gone = manifests.find(({ name }) => name === 'small mmoe seed 2')!;
      await rm(join(runsFolderFor(stage.workspace), gone.id), { recursive: true });
    };
    await eventually('all runs', async () => (await statuses()).sort().join() === all.join());
    await removeOne();
    await openContainer(page, 'MMoE');
    await fromMenu(page, runRow(page, 'mmoe × 2 seeds'), 'Resume Comparison');
    await eventually('the missing run', async () => (await statuses()).sort().join() === all.join());

    await open();
    await removeOne();
    await webview(page).getByRole('button', { name: 'Resume Comparison' }).click();
    await eventually('the missing run again', async () => (await statuses()).sort().join() === all.join());
    await expect.poll(() => webview(page).getByRole('button', { name: 'Resume Comparison' }).count()).toBe(0);
  });

  it('takes in a run that joins it', async () => {
    await open();
    stage.terminal('compare', 'small.mmoe.json', '--variants', 'omoe', '--id', await comparison());
    await expect.poll(methods).toEqual(['single-task', 'mmoe', 'omoe']);
  });

  it('stands in the table of all runs, which finds, selects and compares', async () => {
    const table = () => webview(page).getByRole('treegrid', { name: 'Runs' });
    const rows = () => table().locator('.lines .run');
    await untilItWorks('the table', async (timeout) => {
      await closeQuickInput(page, timeout);
      await runCommand(page, 'MMoE: Show Runs as a Table');
      await table().waitFor({ timeout });
    });
    await expect.poll(() => rows().count()).toBeGreaterThan(3);
    await webview(page).getByRole('combobox', { name: 'Filter runs' }).fill('variant = mmoe');
    await expect.poll(() => rows().count()).toBe(2);
    await table().focus();
    await page.keyboard.press('Control+a');
    await webview(page).getByText('2 selected').waitFor();
    await webview(page).getByRole('button', { name: 'Compare' }).click();
    await expect.poll(methods).toEqual(['mmoe']);
  });
});
