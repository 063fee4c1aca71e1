import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { themes } from '../real-host/user-settings.mjs';
import { openContainer, pickTheme } from '../real-host/workbench.mjs';
import { eventually } from './eventually.js';
import { longExperiment } from './experiments.js';
import { RunPage } from './run-page.js';
import { manifest, runIds, runRow } from './runs-view.js';
import { setStage, type Stage } from './stage.js';

describe('a run that was started in a terminal', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await setStage({ 'long.mmoe.json': longExperiment });
    page = await stage.open();
    await openContainer(page, 'MMoE');
    await page.getByText('No runs yet').first().waitFor();
  });
  afterAll(() => stage.close());

  it('appears by itself, and goes on by itself', async () => {
    stage.terminal('train', 'long.mmoe.json', '--name', 'from outside');
    await runRow(page, 'from outside').waitFor();
    const first = await runRow(page, /epoch \d+ of 300/).textContent();
    await eventually(
      'another epoch in the tree',
      async () => (await runRow(page, 'from outside').textContent()) !== first,
    );
  });

  it('opens from the tree', async () => {
    await runRow(page, 'from outside').click();
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
    const row = runRow(page, 'from outside');
    await row.hover();
    await row.locator('.action-label[aria-label^="Stop Run"]').click();
    await runRow(page, 'stopped').waitFor();
    const [id = ''] = await runIds(stage.workspace);
    expect((await manifest(stage.workspace, id)).status).toBe('stopped');
  });
});
