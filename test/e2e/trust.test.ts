import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../real-host/quick-input.mjs';
import { openContainer } from '../real-host/workbench.mjs';
import { longExperiment } from './experiments.js';
import { experimentRow, runIds } from './runs-view.js';
import { setStage, type Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage(
    { 'long.mmoe.json': longExperiment },
    { trust: false, settings: { 'security.workspace.trust.startupPrompt': 'never' } },
  );
});
afterAll(() => stage.close());

it('a folder that is not trusted can be looked at, and is not trained', async () => {
  const page = await stage.open();
  await openContainer(page, 'MMoE');
  await experimentRow(page, 'long').waitFor();
  await runCommand(page, 'MMoE: Train');
  await page.getByText(/trust/i).first().waitFor();
  await page.waitForTimeout(1500);
  expect(await runIds(stage.workspace)).toEqual([]);
});
