import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, untilItWorks } from '../eventually.mjs';
import { closeQuickInput, quickInput, quickPickRows, runCommand } from '../real-host/quick-input.mjs';
import { webview, workbenchReady } from '../real-host/workbench.mjs';
import { smallExperiment } from './experiments.js';
import { editorIsKept } from './kept-state.js';
import { manifest, runIds } from './runs-view.js';
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
      await quickPickRows(page, 'single-task seed', timeout);
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

  it('takes in a run that joins it', async () => {
    await open();
    stage.terminal('compare', 'small.mmoe.json', '--variants', 'omoe', '--id', await comparison());
    await expect.poll(methods).toEqual(['single-task', 'mmoe', 'omoe']);
  });
});
