import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, untilItWorks } from '../eventually.mjs';
import { missingForRealHost } from '../real-host/prerequisites.mjs';
import { closeQuickInput, quickInput, quickPickRows } from '../real-host/quick-input.mjs';
import { openContainer, webview, workbenchReady } from '../real-host/workbench.mjs';
import { editorIsKept } from './kept-state.js';
import { fromMenu, manifest, runIds, runRow } from './runs-view.js';
import { setStage, type Stage } from './stage.js';

const rows = Array.from({ length: 60 }, (_, at) => `00${at},${at % 7},${at % 7 > 3 ? 1 : 0}`);
const experiment = JSON.stringify({
  data: { source: 'sales.csv' },
  columns: { key: 'ignore' },
  tasks: [{ label: 'bought', kind: 'binary' }],
  model: { experts: { count: 2, layers: [4] } },
  training: { epochs: 2 },
});

describe.skipIf(missingForRealHost({ browser: true }) !== null)('a run of the tree', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await setStage({
      'sales.mmoe.json': experiment,
      'sales.csv': `key,age,bought\n${rows.join('\n')}\n`,
      'new.csv': 'key,age\n007,3\n008,5\n009,99\n',
    });
    stage.terminal('train', 'sales.mmoe.json');
    await eventually('a run that has finished', async () => {
      const [id] = await runIds(stage.workspace);
      return (
        id !== undefined && (await manifest(stage.workspace, id).catch(() => null))?.status === 'finished'
      );
    });
    page = await stage.open();
    await openContainer(page, 'MMoE');
    await runRow(page, 'val AUC').waitFor();
  });
  afterAll(() => stage.close());

  it('says what is new in a table, predicts it with the columns that are to be carried along, and shows the result', async () => {
    const out = join(stage.workspace, 'new.predictions.csv');
    await untilItWorks('the list of tables', async (timeout) => {
      await closeQuickInput(page, timeout);
      await fromMenu(page, runRow(page, 'val AUC'), 'Predict…');
      const tables = await quickPickRows(page, 'new.csv', timeout);
      await tables.filter({ hasText: 'new.csv' }).first().click({ timeout });
    });
    const facts = await quickPickRows(page, 'Predict 3 rows…');
    await facts.filter({ hasText: 'age' }).filter({ hasText: 'up to 99' }).waitFor();
    await quickInput(page).press('Enter');
    const columns = await quickPickRows(page, 'VARCHAR');
    await columns.filter({ hasText: 'key' }).first().click();
    await page.getByText('1 Selected').waitFor();
    await quickInput(page).press('Enter');
    await expect.poll(() => quickInput(page).inputValue()).toContain('new.predictions.csv');
    await quickInput(page).press('Enter');
    await eventually('the predictions', () => Promise.resolve(existsSync(out)));
    const [header, ...lines] = (await readFile(out, 'utf8')).trimEnd().split('\n');
    expect(header).toBe('key,bought');
    expect(lines.map((line) => line.split(',')[0])).toEqual(['007', '008', '009']);
    await page.locator('.tab.active').filter({ hasText: 'Predictions: new.predictions.csv' }).waitFor();
    const frame = webview(page);
    const rows = frame.getByRole('table', { name: 'Predictions' }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(3);
    expect(await rows.last().locator('td').first().innerText()).toBe('009');
    await frame.getByText('bought is not scored').waitFor();
  });

  it('predicts the rows of a query, which can be corrected, and scores those that have labels', async () => {
    await untilItWorks('the question for a query', async (timeout) => {
      await closeQuickInput(page, timeout);
      await fromMenu(page, runRow(page, 'val AUC'), 'Predict…');
      const tables = await quickPickRows(page, 'A query…', timeout);
      await tables.filter({ hasText: 'A query…' }).first().click({ timeout });
      await page.getByText('Predict the rows of a query').waitFor({ timeout });
    });
    await quickInput(page).fill("from 'nothing.csv'");
    await quickInput(page).press('Enter');
    await page
      .locator('.quick-input-message')
      .getByText(/nothing\.csv/)
      .waitFor();
    await quickInput(page).fill("from 'sales.csv' where age > 2");
    await quickInput(page).press('Enter');
    const facts = await quickPickRows(page, /Predict \d+ rows…/);
    await facts.filter({ hasText: 'they have labels of bought' }).waitFor();
    await quickInput(page).press('Enter');
    await quickPickRows(page, 'BIGINT');
    await quickInput(page).press('Enter');
    await page.getByPlaceholder(/^Score also by the values of which columns/).waitFor();
    const columns = await quickPickRows(page, 'VARCHAR');
    await columns.filter({ hasText: 'age' }).first().click();
    await page.getByText('1 Selected').waitFor();
    await quickInput(page).press('Enter');
    await expect.poll(() => quickInput(page).inputValue()).toContain('query.predictions.csv');
    await quickInput(page).press('Enter');
    await page.locator('.tab.active').filter({ hasText: 'Predictions: query.predictions.csv' }).waitFor();
    const scores = webview(page).getByRole('table', { name: 'How good they are' });
    await scores.getByText('these rows').waitFor();
    await webview(page).getByText('The run was trained on rows of this table').waitFor();
    const byAge = webview(page).getByRole('table', { name: 'How good they are by age' });
    await expect.poll(() => byAge.locator('tbody th').allTextContents()).toEqual(['3', '4', '5', '6']);
  });

  it('tries a row: filled from the table, and predicted anew while it is typed, by keys alone', async () => {
    await fromMenu(page, runRow(page, 'val AUC'), 'Try a Row…');
    await page.locator('.tab.active').filter({ hasText: 'Try a Row:' }).waitFor();
    const frame = webview(page);
    const age = frame.getByLabel(/^age /);
    await expect.poll(() => age.inputValue()).toBe('0');
    const bought = frame.getByRole('region', { name: 'bought', exact: true });
    await bought.getByText('label of this row: 0').waitFor();
    await age.focus();
    await page.keyboard.press('PageDown');
    await expect.poll(() => age.inputValue()).toBe('1');
    await page.keyboard.press('ArrowUp');
    await bought.getByText(/as filled in: 0\.\d+/).waitFor();
    await age.fill('400');
    await frame.getByText('outside 0 … 6, where it was trained').waitFor();
    await age.fill('many');
    await frame.getByText('no number: nothing is predicted').waitFor();
    await frame.getByRole('application', { name: /network|experts/i }).waitFor();
  });

  it('has its row and its predictions again after the window is reloaded', async () => {
    const age = () => webview(page).getByLabel(/^age /);
    await fromMenu(page, runRow(page, 'val AUC'), 'Try a Row…');
    await page.locator('.tab.active').filter({ hasText: 'Try a Row:' }).waitFor();
    await expect.poll(() => age().inputValue()).not.toBe('');
    await age().fill('4242');
    await editorIsKept(page, '4242');
    await page.reload();
    await workbenchReady(page);
    await expect.poll(() => age().inputValue()).toBe('4242');
    await webview(page).getByText('outside 0 … 6, where it was trained').waitFor();

    const out = join(stage.workspace, 'sales.predictions.csv');
    await untilItWorks('the list of tables', async (timeout) => {
      await closeQuickInput(page, timeout);
      await fromMenu(page, runRow(page, 'val AUC'), 'Predict…');
      const tables = await quickPickRows(page, 'sales.csv', timeout);
      await tables.filter({ hasText: 'sales.csv' }).last().click({ timeout });
      await quickPickRows(page, /Predict \d+ rows…/, timeout);
    });
    await quickInput(page).press('Enter');
    await quickPickRows(page, 'BIGINT');
    await quickInput(page).press('Enter');
    await page.getByPlaceholder(/^Score also by the values of which columns/).waitFor();
    await quickInput(page).press('Enter');
    await expect.poll(() => quickInput(page).inputValue()).toContain('.predictions.csv');
    await quickInput(page).fill(out);
    await quickInput(page).press('Enter');
    const heading = () => webview(page).getByRole('heading', { name: 'sales.predictions.csv' });
    await heading().waitFor();
    await editorIsKept(page, createHash('sha256').update(out).digest('hex').slice(0, 16));
    await page.reload();
    await workbenchReady(page);
    await heading().waitFor();
    const rows = webview(page).getByRole('table', { name: 'Predictions' }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(60);
  });
});
