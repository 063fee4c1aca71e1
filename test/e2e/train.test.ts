import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventOf } from '../../src/shared/run/run-events.js';
import { eventually, untilItWorks } from '../eventually.mjs';
import { closeQuickInput, openFile, quickInput, runCommand } from '../real-host/quick-input.mjs';
import { openContainer, workbenchReady } from '../real-host/workbench.mjs';
import { editorIsKept } from './kept-state.js';
import { meetNotification } from './notifications.js';
import { RunPage } from './run-page.js';
import { events, fromMenu, manifest, openRun, runIds, runRow, shownName } from './runs-view.js';
import { setStage, type Stage } from './stage.js';
import { longExperimentFile, runThatIs } from './trainings.js';

/**
 * One run goes from the palette to the trash and back, in one window. Each step sees to it that there is a
 * run in the state that it begins with, and can be run alone.
 */
describe('a run', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await setStage(longExperimentFile);
    page = await stage.open();
  });
  afterAll(() => stage.close());

  it('is in the tree at once, and its charts open', async () => {
    await openFile(page, 'long.mmoe.json');
    await runCommand(page, 'MMoE: Train');
    await eventually('a run folder', async () => (await runIds(stage.workspace)).length > 0);
    await openContainer(page, 'MMoE');
    // It lies below "long", its group.
    await runRow(page, 'mmoe').waitFor();
    await new RunPage(page).waitForText('long · mmoe');
  });

  it('draws each task in its colour, and says numbers', async () => {
    await openRun(page, await runThatIs('running', stage));
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
    const run = await runThatIs('running', stage);
    const [id, name] = [run.id, shownName(run)];
    await openFile(page, 'long.mmoe.json');
    await openRun(page, { name });
    await editorIsKept(page, `${id}/`);
    await page.reload();
    await workbenchReady(page);
    const charts = new RunPage(page);
    await charts.waitForText(/epoch \d+ of 300/);
    const grows = async (): Promise<void> => {
      const before = (await events(stage.workspace, id)).length;
      await eventually('more events', async () => (await events(stage.workspace, id)).length > before + 10);
    };
    await grows();
    await page.locator('.tab').filter({ hasText: 'long.mmoe.json' }).click();
    await grows();
    await page.locator('.tab').filter({ hasText: name }).click();
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
    const run = await runThatIs('stopped', stage);
    const [id, name] = [run.id, shownName(run)];
    await openRun(page, { name });
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
    const run = await runThatIs('stopped', stage);
    const [id, name] = [run.id, shownName(run)];
    await openRun(page, { name });
    // Charts that are shown only now take the focus from the tree.
    await new RunPage(page).waitForText(name);
    await untilItWorks('another name', async (timeout) => {
      await closeQuickInput(page, timeout);
      await runRow(page, 'stopped').click({ timeout });
      await runCommand(page, 'MMoE: Focus on Runs View');
      await page.keyboard.press('F2');
      await quickInput(page).fill('a better name', { timeout });
      await quickInput(page).press('Enter', { timeout });
      await runRow(page, 'a better name').waitFor({ timeout });
    });
    await new RunPage(page).waitForText('a better name');
    expect((await manifest(stage.workspace, id)).name).toBe('a better name');
  });

  it('is the one that a key is pressed on where it has the focus, and no other is asked for', async () => {
    await runThatIs('stopped', stage);
    await openContainer(page, 'MMoE');
    await untilItWorks('the box for a name', async (timeout) => {
      await closeQuickInput(page, timeout);
      await runRow(page, 'stopped').waitFor({ timeout });
      await runCommand(page, 'MMoE: Focus on Runs View');
      for (const key of ['Home', 'ArrowDown', 'F2']) await page.keyboard.press(key);
      await page.getByText('The new name').waitFor({ timeout });
    });
    expect(await quickInput(page).inputValue()).not.toBe('');
    await closeQuickInput(page);
  });

  it('is filtered by a query while it is typed, and shown again by Escape', async () => {
    await runThatIs('stopped', stage);
    await openContainer(page, 'MMoE');
    await runRow(page, 'stopped').waitFor();
    await untilItWorks('a filter that leaves none', async (timeout) => {
      await closeQuickInput(page, timeout);
      await runCommand(page, 'MMoE: Filter Runs…');
      await quickInput(page).fill('learningRate > 1000', { timeout });
      await runRow(page, 'stopped').waitFor({ state: 'hidden', timeout });
    });
    await quickInput(page).fill('learningRate < 1000 and status = stopped');
    await runRow(page, 'stopped').waitFor();
    await closeQuickInput(page);
    await runRow(page, 'stopped').waitFor();
  });

  it('can be starred', async () => {
    const { id } = await runThatIs('stopped', stage);
    await openContainer(page, 'MMoE');
    await fromMenu(page, runRow(page, 'stopped'), 'Star Run');
    await runRow(page, '★').waitFor();
    expect((await manifest(stage.workspace, id)).starred).toBe(true);
  });

  it('goes to the trash, and comes back with Undo', async () => {
    await runThatIs('stopped', stage);
    const before = await runIds(stage.workspace);
    await openContainer(page, 'MMoE');
    await fromMenu(page, runRow(page, 'stopped'), 'Delete Run');
    await eventually(
      'one run less',
      async () => (await runIds(stage.workspace)).length === before.length - 1,
    );
    await meetNotification(page, 'was moved to the trash', (message, timeout) =>
      message.getByRole('button', { name: 'Undo' }).click({ timeout }),
    );
    await runRow(page, 'stopped').waitFor();
    await eventually('the run', async () => (await runIds(stage.workspace)).length === before.length);
    expect(await runIds(stage.workspace)).toEqual(before);
  });
});

/** Expects the table behind the curves to have each epoch once, with the numbers of the run's log. */
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
