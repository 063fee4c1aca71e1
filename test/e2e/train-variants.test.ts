import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { variants } from '../../src/experiment/schema/variants.js';
import { openContainer, openFile, quickPickRows, runCommand, webview } from '../real-host/workbench.mjs';
import { eventually } from './eventually.js';
import { manifest, runIds, runRow } from './runs-view.js';
import { setStage, type Stage } from './stage.js';

const experiment = JSON.stringify({
  data: { source: { synthetic: { rows: 2000, dimensions: 20 } } },
  tasks: [
    { name: 'first', label: 'y1' },
    { name: 'second', label: 'y2' },
  ],
  model: { experts: { count: 4, layers: [8] } },
  training: { epochs: 3 },
});

/** What works on shared layers alone, of a variant that has none. */
const onlyShared = JSON.stringify({
  ...{
    data: { source: { synthetic: { rows: 2000, dimensions: 20 } } },
    tasks: [{ label: 'y1' }, { label: 'y2' }],
  },
  ...{
    model: { variant: 'single-task', experts: { count: 4, layers: [8] } },
    training: { epochs: 3, lossWeighting: 'gradnorm' },
  },
});

describe('training variants', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await setStage({ 'small.mmoe.json': experiment, 'shared.mmoe.json': onlyShared });
    page = await stage.open();
  });
  afterAll(() => stage.close());

  /** Each picked variant has a box that is checked. */
  const checked = async (): Promise<number> =>
    (await quickPickRows(page)).locator('[aria-checked=true]').count();

  it('asks which, and with how many seeds, and trains them all', async () => {
    await openContainer(page, 'MMoE');
    await openFile(page, 'small.mmoe.json');
    await runCommand(page, 'MMoE: Train All Variants');
    const rows = await quickPickRows(page);
    for (const variant of variants) await rows.filter({ hasText: variant }).first().waitFor();
    expect(await checked()).toBe(variants.length);
    for (const variant of variants.filter((name) => name !== 'shared-bottom' && name !== 'omoe')) {
      await rows
        .filter({ has: page.getByText(variant, { exact: true }) })
        .first()
        .click();
    }
    expect(await checked()).toBe(2);
    await page.keyboard.press('Enter');
    await rows
      .filter({ hasText: '3 seeds' })
      .filter({ hasText: '6 runs: 2 variants with 3 seeds each' })
      .first()
      .click();
    // They are compared at once.
    await page.locator('.tab').filter({ hasText: '3 seeds' }).first().waitFor();

    const ids = await eventually('six runs', async () => {
      const found = await runIds(stage.workspace);
      return found.length === 6 ? found : undefined;
    });
    for (const id of ids)
      await eventually('its end', async () => (await manifest(stage.workspace, id)).status === 'finished');
    const manifests = await Promise.all(ids.map((id) => manifest(stage.workspace, id)));
    expect(new Set(manifests.map(({ comparison }) => comparison?.id)).size).toBe(1);
    expect(manifests.map(({ network, seed }) => `${network?.variant} ${seed}`).sort()).toEqual(
      ['omoe', 'shared-bottom'].flatMap((variant) => [1, 2, 3].map((seed) => `${variant} ${seed}`)),
    );
    await runRow(page, 'omoe seed 3').waitFor();
  });

  it('remembers what was chosen last', async () => {
    await openFile(page, 'small.mmoe.json');
    await runCommand(page, 'MMoE: Train All Variants');
    await (await quickPickRows(page)).filter({ hasText: 'single-task' }).first().waitFor();
    expect(await checked()).toBe(2);
    await page.keyboard.press('Escape');
  });

  const pick = async (file: string, toggled: readonly string[]): Promise<void> => {
    await openFile(page, file);
    await runCommand(page, 'MMoE: Train All Variants');
    const rows = await quickPickRows(page);
    for (const variant of toggled)
      await rows
        .filter({ has: page.getByText(variant, { exact: true }) })
        .first()
        .click();
    await page.keyboard.press('Enter');
    await rows.filter({ hasText: '1 seed' }).first().click();
  };
  const toast = (text: RegExp) => page.locator('.notification-toast').filter({ hasText: text });

  it('leaves out those that cannot take a setting, by name, even if it is the one that the file names', async () => {
    await pick('shared.mmoe.json', ['single-task']);
    await toast(/single-task is left out: "gradnorm" works on layers that tasks share/).waitFor();
    await webview(page).getByText('single-task is left out: "gradnorm" works on').waitFor();
    const tested = async () => {
      const all = await Promise.all(
        (await runIds(stage.workspace)).map((id) => manifest(stage.workspace, id)),
      );
      return all
        .filter(({ experimentFile }) => experimentFile === 'shared.mmoe.json')
        .map(({ network }) => network?.variant);
    };
    await expect
      .poll(async () => (await tested()).sort(), { timeout: 30_000 })
      .toEqual(['omoe', 'shared-bottom']);
  });

  it('says why where none is left', async () => {
    await pick('shared.mmoe.json', ['shared-bottom', 'omoe', 'l2-constrained']);
    await toast(/none of the variants can take these settings\. single-task: "gradnorm" works on/).waitFor();
  });
});
