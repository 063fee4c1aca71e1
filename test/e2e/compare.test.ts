import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openContainer,
  quickPickRows,
  runCommand,
  webview,
  workbenchReady,
} from '../real-host/workbench.mjs';
import { eventually } from './eventually.js';
import { smallExperiment } from './experiments.js';
import { manifest, runIds } from './runs-view.js';
import { setStage, type Stage } from './stage.js';

/** A comparison that was trained in a terminal, looked at in the window. The tests follow each other. */
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

  const methods = () =>
    webview(page).getByRole('table', { name: 'Results' }).locator('tbody .name').allInnerTexts();

  it('opens from the palette, with the newest comparison suggested', async () => {
    await openContainer(page, 'MMoE');
    await runCommand(page, 'MMoE: Compare Runs');
    await quickPickRows(page);
    await page.getByText('4 Selected').waitFor();
    await page.keyboard.press('Enter');
    await webview(page).getByRole('heading', { name: 'small: single-task, mmoe, 2 seeds' }).waitFor();
    expect(await methods()).toEqual(['single-task', 'mmoe']);
  });

  it('is there again after the window is reloaded', async () => {
    // The browser's workbench writes down its open tabs every few seconds.
    await page.waitForTimeout(5000);
    await page.reload();
    await workbenchReady(page);
    await webview(page).getByRole('heading', { name: 'small: single-task, mmoe, 2 seeds' }).waitFor();
    await expect.poll(methods).toEqual(['single-task', 'mmoe']);
  });

  it('takes in a run that joins it', async () => {
    const ids = await runIds(stage.workspace);
    const { comparison } = await manifest(stage.workspace, ids[0]!);
    stage.terminal('compare', 'small.mmoe.json', '--variants', 'omoe', '--id', comparison!.id);
    await expect.poll(methods, { timeout: 40_000 }).toEqual(['single-task', 'mmoe', 'omoe']);
  });
});
