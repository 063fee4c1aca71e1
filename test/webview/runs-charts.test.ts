import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostToRunsTable, RunsTableToHost } from '../../src/shared/messages/runs-table-protocol.js';
import { RunColumns, type RunsInColumns } from '../../src/shared/messages/runs-in-columns.js';
import type { TableRun } from '../../src/shared/messages/table-run-schema.js';
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

const paths = ['model.variant', 'training.learningRate', 'training.seed'];
const variants = ['single-task', 'mmoe', 'ple'];
const rates = [0.001, 0.003, 0.01];
const seeds = 5;

/** Every variant with every rate and seed; those of the second set of rows come last, with higher scores. */
function madeRuns(): TableRun[] {
  const runs = variants.flatMap((variant, v) =>
    rates.flatMap((rate, r) =>
      Array.from({ length: seeds }, (_, seed): TableRun => {
        const i = (v * rates.length + r) * seeds + seed;
        const isOther = v === 2 && r === 2;
        const score = (task: number): number =>
          0.9 + 0.01 * v + 0.005 * r + 0.002 * Math.sin(7 * i + task) + (isOther ? 0.05 : 0);
        return {
          folder: `/census/.mmoe/runs/${i}`,
          id: String(i).padStart(3, '0'),
          name: `${variant} · learningRate ${rate} · seed ${seed + 1}`,
          ...{ status: 'finished', epoch: null, epochs: 20, starred: false, archived: false, tags: [] },
          ...{ experiment: 'census', comparison: null, seconds: 30, parameters: 70_000 + 1000 * v },
          created: new Date(Date.UTC(2026, 10, 29, 14, 0) - i * 60_000).toISOString(),
          rows: { choice: isOther ? 'b' : 'a', encoding: 'e', fingerprint: 'f' },
          settings: [variant, rate, seed + 1],
          scores: {
            income: { kind: 'binary', validation: score(0), test: score(1) },
            'never married': { kind: 'binary', validation: score(2), test: score(3) },
          },
        };
      }),
    ),
  );
  return runs;
}

const inColumns = (runs: readonly TableRun[]): RunsInColumns => {
  const rows = new RunColumns(paths.length);
  for (const run of runs) rows.add(run);
  return rows.columns;
};

type Table = PageInBrowser<HostToRunsTable, RunsTableToHost>;

describe.skipIf(missingForRealHost({ browser: true }) !== null)('charts below the table of runs', () => {
  let browser: Browser;
  let bundle: Bundle;
  let page: Page;
  let table: Table;
  const runs = madeRuns();

  beforeAll(async () => {
    [browser, bundle] = await Promise.all([launchChromium(), buildPage('runs')]);
  });
  afterEach(async () => {
    expect(table.errors).toEqual([]);
    await page.close();
  });
  afterAll(() => browser.close());

  const open = async (saved: object, theme: ThemeName = 'dark', width = 1280) => {
    page = await browser.newPage({ viewport: { width, height: 900 } });
    table = await openPage(page, bundle, theme, saved);
    await table.post({ type: 'runs', paths, runs: inColumns(runs), kept: null });
    await table.post({
      type: 'found',
      query: '',
      folders: runs.map(({ folder }) => folder),
      rowSets: [
        { label: '9,976 test rows', keys: ['a e f'] },
        { label: '400 test rows', keys: ['b e f'] },
      ],
      problem: null,
      completions: [],
    });
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    await drawn(page);
  };
  const shoot = async (name: string): Promise<void> => {
    if (shots === undefined) return;
    await mkdir(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `charts-${name}.png`) });
  };
  const figure = () => page.locator('mmoe-runs-charts mmoe-figure');
  const points = () => figure().locator('circle').count();
  const posted = async <Type extends RunsTableToHost['type']>(type: Type) =>
    (await table.posted()).filter(
      (message): message is Extract<RunsTableToHost, { type: Type }> => message.type === type,
    );

  describe.each(themeNames)('in the %s theme', (theme) => {
    it.each([1280, 600])('are shown at %i pixels without errors, accessible to everyone', async (width) => {
      for (const chart of width === 600 || theme === 'dark'
        ? ['setting', 'distribution', 'tasks', 'parallel']
        : ['setting', 'parallel']) {
        await open({ charts: true, chart }, theme, width);
        await shoot(`${chart}-${theme}-${width}`);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(
          true,
        );
        await page.evaluate(await axeScript());
        const { violations } = await page.evaluate<AxeResults>(() =>
          (window as never as { axe: { run(): Promise<AxeResults> } }).axe.run(),
        );
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
        expect(table.errors).toEqual([]);
        if (chart !== 'parallel') await page.close();
      }
    });
  });

  it('are shown by a button, of the runs of one set of rows, and ask for all metrics of these', async () => {
    await open({});
    expect(await figure().count()).toBe(0);
    await page.getByRole('button', { name: 'Charts' }).click();
    await expect.poll(points).toBe(40);
    expect((await posted('measure')).at(-1)?.folders).toHaveLength(45);
    const caption = page.locator('mmoe-runs-charts .caption');
    expect(await caption.innerText()).toContain('40 runs, test AUC of income.');
    expect(await caption.innerText()).toContain('there are 2 sets of rows');
    expect((await posted('keep')).at(-1)?.state).toMatchObject({ charts: true });
  });

  it('draw means at each value of a setting, by variant, with bands over seeds', async () => {
    await open({ charts: true, chartSetting: 'training.learningRate' });
    // Three variants: a line and a band each.
    await expect.poll(() => figure().locator('path').count()).toBe(6);
    expect(await figure().locator('text', { hasText: 'learningRate' }).count()).toBe(1);
    for (const variant of variants)
      expect(await figure().locator('text', { hasText: variant }).count()).toBe(1);
  });

  it('draw any metric, as soon as it is told', async () => {
    await open({ charts: true });
    const metrics = (folder: string) => ({
      folder,
      metrics: {
        validation: { income: { auc: 0.9, loss: 0.3 }, 'never married': { auc: 0.9, loss: 0.2 } },
        test: { income: { auc: 0.9, loss: 0.31 }, 'never married': { auc: 0.9, loss: 0.21 } },
      },
    });
    const chooser = page.locator('mmoe-runs-charts vscode-dropdown[aria-label="Metric"]');
    expect(await chooser.count()).toBe(0);
    await table.post({ type: 'measured', runs: runs.map(({ folder }) => metrics(folder)) });
    await chooser.waitFor();
    await chooser.evaluate((element: HTMLElement & { value: string }) => {
      element.value = 'loss';
      element.dispatchEvent(new Event('change'));
    });
    await expect
      .poll(() => page.locator('mmoe-runs-charts .caption').innerText())
      .toContain('40 runs, test loss of income.');
  });

  it('say that runs differ in their seed alone, and show how these lie', async () => {
    await open({ charts: true });
    const rows = page.getByRole('treegrid', { name: 'Runs' }).locator('.lines .run');
    await rows.nth(0).click();
    await rows.nth(4).click({ modifiers: ['Shift'] });
    await page.getByText('These runs differ in no setting.').waitFor();
    await page.getByRole('radio', { name: 'distribution' }).click();
    await expect.poll(points).toBe(5);
  });

  it('are of the selected runs, and select the run that is clicked', async () => {
    await open({ charts: true });
    const rows = page.getByRole('treegrid', { name: 'Runs' }).locator('.lines .run');
    await rows.nth(0).click();
    await rows.nth(6).click({ modifiers: ['Shift'] });
    await expect.poll(points).toBe(7);
    await rows.nth(1).click();
    await expect.poll(points).toBe(41);
    const box = await figure().locator('circle').nth(30).boundingBox();
    await page.mouse.move(box!.x + 2, box!.y + 2);
    await page.mouse.click(box!.x + 2, box!.y + 2);
    await expect.poll(() => page.getByText('1 selected').count()).toBe(1);
  });
});
