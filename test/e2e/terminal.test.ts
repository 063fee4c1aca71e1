import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../eventually.mjs';
import { themes } from '../real-host/user-settings.mjs';
import { pickTheme } from '../real-host/quick-input.mjs';
import { openContainer } from '../real-host/workbench.mjs';
import { RunPage } from './run-page.js';
import { manifest, openRun, runRow } from './runs-view.js';
import { setStage, type Stage } from './stage.js';
import { longExperimentFile, runThatIs } from './trainings.js';

/** Each step sees to it that there is a run in the state that it begins with, and can be run alone. */
describe('a run that was started in a terminal', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await setStage(longExperimentFile);
    page = await stage.open();
    await openContainer(page, 'MMoE');
  });
  afterAll(() => stage.close());

  it('appears by itself, and goes on by itself', async () => {
    await page.getByText('No runs yet').first().waitFor();
    stage.terminal('train', 'long.mmoe.json', '--name', 'from outside');
    await runRow(page, 'from outside').waitFor();
    const first = await runRow(page, /epoch \d+ of 300/).textContent();
    await eventually(
      'another epoch in the tree',
      async () => (await runRow(page, 'from outside').textContent()) !== first,
    );
  });

  it('opens from the tree', async () => {
    await openRun(page, await runThatIs('running', stage));
    await new RunPage(page).waitForText(/epoch \d+ of 300/);
  });

  const kinds = {
    dark: 'vscode-dark',
    light: 'vscode-light',
    contrast: 'vscode-high-contrast',
    'contrast-light': 'vscode-high-contrast-light',
  };
  it.each(['dark', 'light', 'contrast', 'contrast-light'] as const)(
    'is drawn in the colours of the %s theme, changed while it is open',
    async (theme) => {
      await openRun(page, await runThatIs('running', stage));
      await pickTheme(page, themes[theme].label);
      const charts = new RunPage(page);
      await charts.frame.locator(`body.${kinds[theme]}`).waitFor();
      for (const task of [0, 1]) {
        await eventually(
          `lines of task ${task} in this theme's colour`,
          async () => (await charts.pixelsLike(await charts.taskColour(task))) > 300,
        );
      }
    },
  );

  it('stops when the tree asks it to', async () => {
    const { id } = await runThatIs('running', stage);
    const row = runRow(page, /epoch \d+ of 300/);
    await row.hover();
    await row.locator('.action-label[aria-label^="Stop Run"]').click();
    await runRow(page, 'stopped').waitFor();
    expect((await manifest(stage.workspace, id)).status).toBe('stopped');
  });
});
