import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { variants } from '../../src/experiment/schema/variants.js';
import { eventually, untilItWorks } from '../eventually.mjs';
import { checkRow, openFile, quickInput, quickPickRows, runCommand } from '../real-host/quick-input.mjs';
import { openContainer, webview } from '../real-host/workbench.mjs';
import { meetNotification } from './notifications.js';
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

/** This experiment's loss weighting works on shared layers alone, and its variant has none. */
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

/** Each step opens the file and chooses its variants itself, and can be run alone. */
describe('training variants', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await setStage({ 'small.mmoe.json': experiment, 'shared.mmoe.json': onlyShared });
    page = await stage.open();
  });
  afterAll(() => stage.close());

  /** Opens the list of variants for a file, and returns its rows. */
  const ask = (file: string): Promise<Locator> =>
    untilItWorks('the list of variants', async (timeout) => {
      // A comparison that opens only now would be in front instead of the file.
      await openFile(page, file);
      await runCommand(page, 'MMoE: Train All Variants');
      return quickPickRows(page, 'single-task', timeout);
    });
  /** Expects so many variants to be chosen: each has a box. */
  const expectChecked = (rows: Locator, count: number): Promise<void> =>
    expect.poll(() => rows.locator('[aria-checked=true]').count()).toBe(count);
  /** Chooses exactly these variants, and returns the answer that trains them with so many seeds. */
  const train = async (file: string, chosen: readonly string[], seeds: string): Promise<Locator> => {
    const rows = await ask(file);
    for (const variant of variants) {
      const row = rows.filter({ has: page.getByText(variant, { exact: true }) }).first();
      await checkRow(row, chosen.includes(variant));
    }
    await expectChecked(rows, chosen.length);
    await quickInput(page).press('Enter');
    return (await quickPickRows(page, seeds)).filter({ hasText: seeds }).first();
  };

  it('asks which, and with how many seeds, and trains them all', async () => {
    await openContainer(page, 'MMoE');
    const rows = await ask('small.mmoe.json');
    for (const variant of variants) await rows.filter({ hasText: variant }).first().waitFor();
    await expectChecked(rows, variants.length);
    const answer = await train('small.mmoe.json', ['shared-bottom', 'omoe'], '3 seeds');
    await answer.filter({ hasText: '6 runs: 2 variants with 3 seeds each' }).click();
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
    await runRow(page, 'shared-bottom, omoe × 3 seeds').waitFor();
  });

  it('remembers what was chosen last', async () => {
    await (await train('small.mmoe.json', ['mmoe'], '1 seed')).click();
    const rows = await ask('small.mmoe.json');
    await expectChecked(rows, 1);
    await expectChecked(rows.filter({ hasText: 'mmoe' }), 1);
  });

  it('leaves out, by name, those that cannot take a setting, be it the one in the file', async () => {
    await (await train('shared.mmoe.json', ['single-task', 'shared-bottom', 'omoe'], '1 seed')).click();
    await meetNotification(page, /single-task is left out: "gradnorm" works on layers that tasks share/);
    await webview(page).getByText('single-task is left out: "gradnorm" works on').waitFor();
    const tested = async () => {
      const all = await Promise.all(
        (await runIds(stage.workspace)).map((id) => manifest(stage.workspace, id)),
      );
      return all
        .filter(({ experimentFile }) => experimentFile === 'shared.mmoe.json')
        .map(({ network }) => network?.variant);
    };
    await expect.poll(async () => (await tested()).sort()).toEqual(['omoe', 'shared-bottom']);
  });

  it('says why where none is left', async () => {
    await (await train('shared.mmoe.json', ['single-task', 'l2-constrained'], '1 seed')).click();
    await meetNotification(
      page,
      /none of the variants can take these settings\. single-task: "gradnorm" works on/,
    );
  });
});
