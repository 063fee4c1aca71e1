import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventOf } from '../../src/shared/run-events.js';
import { openContainer, openFile, runCommand, workbenchReady } from '../real-host/workbench.mjs';
import { eventually } from './eventually.js';
import { longExperiment } from './experiments.js';
import { RunPage } from './run-page.js';
import { events, fromMenu, manifest, runIds, runRow } from './runs-view.js';
import { setStage, type Stage } from './stage.js';

/** One run, from the palette to the trash and back. The tests follow each other in one window. */
describe('a run', () => {
  let stage: Stage;
  let page: Page;
  let id = '';

  beforeAll(async () => {
    stage = await setStage({ 'long.mmoe.json': longExperiment });
    page = await stage.open();
  });
  afterAll(() => stage.close());

  it('is in the tree at once, and its charts open', async () => {
    await openFile(page, 'long.mmoe.json');
    await runCommand(page, 'MMoE: Train');
    id = await eventually('a run folder', async () => (await runIds(stage.workspace))[0]);
    await openContainer(page, 'MMoE');
    // Below "long", its group.
    await runRow(page, 'mmoe').waitFor();
    await new RunPage(page).waitForText('long mmoe');
  });

  it('draws each task in its colour, and says numbers', async () => {
    const charts = new RunPage(page);
    await charts.waitForText(/epoch \d+ of 300/);
    for (const task of [0, 1]) {
      const colour = await charts.taskColour(task);
      expect(colour).toMatch(/^#[0-9a-f]{6}$/);
      await eventually(`lines of task ${task}`, async () => (await charts.pixelsLike(colour)) > 60);
    }
    await charts.waitForText(/^-?0\.\d{3,}$/);
    await runRow(page, /epoch \d+ of 300/).waitFor();
    await page.locator('.statusbar').getByText(/\d+ %/).first().waitFor();
  });

  it('misses no point and has none twice after a reload and a time in the background', async () => {
    // The browser's workbench writes down its open tabs every few seconds.
    await page.waitForTimeout(5000);
    await page.reload();
    await workbenchReady(page);
    // Reloaded before VS Code has noted which editors are open, a window comes back without the last one.
    await page
      .locator('.tab')
      .filter({ hasText: 'long mmoe' })
      .waitFor({ timeout: 5000 })
      .catch(() => runRow(page, 'mmoe').click());
    const charts = new RunPage(page);
    await charts.waitForText(/epoch \d+ of 300/);
    const grows = async (): Promise<void> => {
      const before = (await events(stage.workspace, id)).length;
      await eventually('more events', async () => (await events(stage.workspace, id)).length > before + 10);
    };
    await grows();
    await page.locator('.tab').filter({ hasText: 'long.mmoe.json' }).click();
    await grows();
    await page.locator('.tab').filter({ hasText: 'long mmoe' }).click();
    await charts.waitForText(/epoch \d+ of 300/);
    await grows();
    await charts.button('Stop').click();
    await runRow(page, 'stopped').waitFor();
    await eventually('the end', async () => (await manifest(stage.workspace, id)).status === 'stopped');
    const epochs = (await events(stage.workspace, id)).filter(
      (event): event is EventOf<'epoch'> => event.type === 'epoch',
    );
    await expectEpochs(charts, epochs);
  });

  it('goes on when it is resumed, from where it stopped', async () => {
    const stopped = (await events(stage.workspace, id)).at(-1);
    const charts = new RunPage(page);
    await charts.button('Resume').click();
    await runRow(page, /epoch \d+ of 300/).waitFor();
    await eventually(
      'steps beyond the stop',
      async () => ((await events(stage.workspace, id)).at(-1)?.step ?? 0) > (stopped?.step ?? 0),
    );
    await runCommand(page, 'MMoE: Stop Run');
    await runRow(page, 'stopped').waitFor();
    const all = await events(stage.workspace, id);
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
  });

  it('takes another name with F2', async () => {
    const input = page.locator('.quick-input-widget input.input');
    await runRow(page, 'stopped').click();
    await runCommand(page, 'MMoE: Focus on Runs View');
    await input.waitFor({ state: 'hidden' });
    await page.keyboard.press('F2');
    await input.fill('a better name');
    await page.keyboard.press('Enter');
    await runRow(page, 'a better name').waitFor();
    await new RunPage(page).waitForText('a better name');
    expect((await manifest(stage.workspace, id)).name).toBe('a better name');
  });

  it('can be starred', async () => {
    await fromMenu(page, runRow(page, 'a better name'), 'Star Run');
    await runRow(page, '★').waitFor();
    expect((await manifest(stage.workspace, id)).starred).toBe(true);
  });

  it('goes to the trash, and comes back with Undo', async () => {
    await fromMenu(page, runRow(page, 'a better name'), 'Delete Run');
    await page.getByText('was moved to the trash').first().waitFor();
    expect(await runIds(stage.workspace)).toEqual([]);
    await page.locator('.notification-toast').getByRole('button', { name: 'Undo' }).click();
    await runRow(page, 'a better name').waitFor();
    expect(await runIds(stage.workspace)).toEqual([id]);
  });
});

/** The table behind the curves has each epoch once, with the numbers of the run's log. */
async function expectEpochs(charts: RunPage, epochs: readonly EventOf<'epoch'>[]): Promise<void> {
  const [header, ...rows] = await eventually('a row for each epoch', async () => {
    const found = await charts.table('Curves');
    return found.length === epochs.length + 1 && found;
  });
  expect(header).toEqual(['epoch', 'first train', 'first validation', 'second train', 'second validation']);
  for (const [index, { epoch, train, validation }] of epochs.entries()) {
    const [at, ...shown] = (rows[index] ?? []).map((text) => Number(text.replace('−', '-')));
    expect(at).toBe(epoch);
    for (const [column, metrics] of [
      train['first'],
      validation?.['first'],
      train['second'],
      validation?.['second'],
    ].entries()) {
      expect(shown[column]).toBeCloseTo(metrics?.['r2'] ?? Number.NaN, 3);
    }
  }
}
