import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type {
  HostToPredictionsPage,
  PredictionsPageToHost,
} from '../../src/shared/messages/predictions-protocol.js';
import type { TaskSlice } from '../../src/shared/prediction/report.js';
import { launchChromium } from '../real-host/chromium.mjs';
import { missingForRealHost } from '../real-host/prerequisites.mjs';
import {
  axeScript,
  buildPage,
  drawn,
  openPage,
  themeNames,
  type Bundle,
  type PageInBrowser,
  type ThemeName,
} from './page-in-browser.fixture.js';

/** `MMOE_SHOTS=folder` keeps a picture of every page that is opened. */
const shots = process.env['MMOE_SHOTS'];

const runs = ['mmoe · seed 1', 'mmoe · seed 2', 'mmoe · seed 3'];
const binary = (auc: number) => ({ auc, loss: 0.4, logLoss: 0.41, accuracy: 0.8 });
const slice = (rows: number, auc: number, label: number, predicted: number): TaskSlice[] => [
  { task: 'click', kind: 'binary', rows, metrics: binary(auc), label, predicted },
  { task: 'minutes', kind: 'regression', rows: 0, metrics: null, label: null, predicted: null },
];
const made: HostToPredictionsPage = {
  ...{ type: 'predictions', title: 'new.predictions.csv', runNames: runs, kept: 'a1' },
  report: {
    ...{ source: 'new.csv', rows: 12_345, out: '/films/new.predictions.csv', trainedOn: true },
    runs: runs.map((name, at) => ({ id: `r${at}`, name, epoch: 7 })),
    columns: [{ name: 'user', type: 'VARCHAR' }],
    found: [
      { name: 'city', missing: 3, unseen: 400, examples: ['Atlantis', 'Ys'] },
      {
        ...{ name: 'age', missing: 0, unseen: 0, examples: [] },
        outside: { low: 18, high: 90, values: 5, least: 3, most: 120 },
      },
    ],
    labelled: ['click'],
    scores: [
      {
        ...{ task: 'click', kind: 'binary', rows: 12_000, why: null },
        ...{ metrics: binary(0.8123), runs: [0.81, 0.805, 0.811].map(binary) },
      },
      { task: 'minutes', kind: 'regression', rows: 0, why: 'new.csv has no column "minutes"', metrics: null },
    ],
    by: [
      {
        column: 'city',
        slices: [
          { of: { kind: 'value', value: 'Rome' }, rows: 6000, tasks: slice(5900, 0.83, 0.2, 0.21) },
          { of: { kind: 'others', values: 1204 }, rows: 5000, tasks: slice(4800, 0.75, 0.31, 0.25) },
          { of: { kind: 'missing' }, rows: 1345, tasks: slice(1300, 0.8, 0.1, 0.1) },
        ],
      },
      {
        column: 'age',
        slices: [
          { of: { kind: 'range', low: 18, high: 39 }, rows: 12_345, tasks: slice(12_000, 0.8123, 0.2, 0.2) },
        ],
      },
    ],
    unweighted: null,
    condition: { where: 'age >= 18', leftOut: 1234, why: null },
    test: {
      why: null,
      tasks: [
        { task: 'click', kind: 'binary', metrics: binary(0.8456), runs: [0.84, 0.839, 0.841].map(binary) },
        { task: 'minutes', kind: 'regression', metrics: null, runs: [null, null, null] },
      ],
    },
    preview: {
      columns: ['user', 'click', 'click.sd', 'minutes', 'minutes.sd'],
      rows: Array.from({ length: 1000 }, (_, at) => [`00${at}`, at / 1000, 0.01, 12.5, 0.25]),
    },
  },
};

describe.skipIf(missingForRealHost({ browser: true }) !== null)(
  'the page of predictions in a browser',
  () => {
    let browser: Browser;
    let bundle: Bundle;
    let page: Page;
    let shown: PageInBrowser<HostToPredictionsPage, PredictionsPageToHost>;

    beforeAll(async () => {
      [browser, bundle] = await Promise.all([launchChromium(), buildPage('predictions')]);
    });
    afterEach(async () => {
      expect(shown.errors).toEqual([]);
      await page.close();
    });
    afterAll(() => browser.close());

    const open = async ({ theme = 'dark', width = 1280 }: { theme?: ThemeName; width?: number } = {}) => {
      page = await browser.newPage({ viewport: { width, height: 1100 } });
      shown = await openPage(page, bundle, theme, null);
      await shown.post(made);
      await page.getByRole('heading', { name: 'new.predictions.csv', exact: true }).waitFor();
    };

    describe.each(themeNames)('in the %s theme', (theme) => {
      it.each([1280, 600])('shows predictions at %i pixels, accessible to everyone', async (width) => {
        await open({ theme, width });
        await drawn(page);
        if (shots !== undefined) {
          await mkdir(shots, { recursive: true });
          await page.screenshot({ path: join(shots, `predictions-${theme}-${width}.png`), fullPage: true });
        }
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(
          true,
        );
        await page.evaluate(await axeScript());
        const { violations } = await page.evaluate(() =>
          (window as never as { axe: { run(): Promise<AxeResults> } }).axe.run(),
        );
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
        ).toEqual([]);
      });
    });

    it('shows how good they are by a column, and by another that is chosen', async () => {
      await open();
      const byCity = page.getByRole('table', { name: 'How good they are by city' });
      const lines = await byCity.locator('tbody tr').allInnerTexts();
      expect(lines.map((line) => line.split('\t').slice(0, 5))).toEqual([
        ['Rome', '6,000', '0.8300', '0.2', '0.21'],
        ['1,204 other values', '5,000', '0.7500', '0.31', '0.25'],
        ['missing', '1,345', '0.8000', '0.1', '0.1'],
      ]);
      await page.getByRole('combobox', { name: 'By' }).click();
      await page.getByRole('option', { name: 'age' }).click();
      await page.getByRole('table', { name: 'How good they are by age' }).getByText('18 … 39').waitFor();
    });

    it('shows the metrics of the mean beside each run’s, on these rows and on test rows', async () => {
      await open();
      const table = page.getByRole('table', { name: 'How good they are' });
      const line = await table.locator('tbody tr').first().locator('th, td').allInnerTexts();
      expect(line).toEqual([
        ...['click', 'AUC', '0.8123', '0.8100', '0.8050', '0.8110'],
        ...['0.8456', '0.8400', '0.8390', '0.8410'],
      ]);
      await page.getByText('minutes is not scored: new.csv has no column "minutes".').waitFor();
      await page.getByText('The run was trained on rows of this table').waitFor();
      await page.getByText('1,234 rows do not meet the experiment’s condition, age >= 18').waitFor();
    });

    it('keeps what it is found by after a reload, and says what to press where it is found no longer', async () => {
      await open();
      expect(await shown.kept()).toMatchObject({ kept: 'a1' });
      await shown.post({ type: 'gone' });
      await page.getByText('no longer kept; their file is as it was').waitFor();
      await page.getByRole('button', { name: 'Predict…' }).click();
      await expect.poll(() => shown.posted()).toContainEqual({ type: 'predict' });
    });

    it('shows more rows by a button, and opens the file by keys', async () => {
      await open();
      const rows = page.getByRole('table', { name: 'Predictions' }).locator('tbody tr');
      expect(await rows.count()).toBe(100);
      await page.getByRole('button', { name: 'Show More' }).click();
      await expect.poll(() => rows.count()).toBe(300);
      expect(await rows.nth(299).locator('th, td').allInnerTexts()).toEqual([
        ...['300', '00299', '0.299', '0.01', '12.5', '0.25'],
      ]);
      await page.getByRole('button', { name: 'Open File' }).focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => shown.posted()).toContainEqual({ type: 'open', what: 'file' });
    });
  },
);
