import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ComparedRun, ComparePageToHost } from '../../src/shared/messages/compare-protocol.js';
import type { RunStatus } from '../../src/shared/run/run-manifest.js';
import { launchChromium } from '../real-host/chromium.mjs';
import { missingForRealHost } from '../real-host/prerequisites.mjs';
import { madeComparison, runsMessage } from './made-comparison.fixture.js';
import { mixedTasks } from './made-run.fixture.js';
import {
  axeScript,
  buildPage,
  drawn,
  openComparePage,
  themeNames,
  type Bundle,
  type ComparePageInBrowser,
  type ThemeName,
} from './page-in-browser.fixture.js';

/** `MMOE_SHOTS=folder` keeps a picture of every page that is opened. */
const shots = process.env['MMOE_SHOTS'];

const halfWay = (index: number): RunStatus =>
  index < 5 ? 'finished' : index < 7 ? 'running' : index === 7 ? 'failed' : 'queued';

describe.skipIf(missingForRealHost({ browser: true }) !== null)('the compare page in a browser', () => {
  let browser: Browser;
  let bundle: Bundle;
  let page: Page;
  let compare: ComparePageInBrowser;

  beforeAll(async () => {
    [browser, bundle] = await Promise.all([launchChromium(), buildPage('compare')]);
  });
  afterEach(async () => {
    expect(compare.errors).toEqual([]);
    await page.close();
  });
  afterAll(() => browser.close());

  const open = async (
    runs: readonly ComparedRun[],
    {
      theme = 'dark',
      width = 1280,
      saved = null,
    }: { theme?: ThemeName; width?: number; saved?: unknown } = {},
  ) => {
    page = await browser.newPage({ viewport: { width, height: 1300 } });
    compare = await openComparePage(page, bundle, theme, saved);
    await compare.post(runsMessage(runs));
    await page.getByRole('heading', { name: 'census: all variants' }).waitFor();
  };
  const settled = () => drawn(page);
  const shoot = async (name: string): Promise<void> => {
    if (shots === undefined) return;
    await mkdir(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `compare-${name}.png`), fullPage: true });
  };
  const last = async (type: ComparePageToHost['type']): Promise<ComparePageToHost> => {
    await expect
      .poll(async () => (await compare.posted()).some((message) => message.type === type))
      .toBe(true);
    return (await compare.posted()).findLast((message) => message.type === type)!;
  };
  /** Returns the names of the results' rows, from top to bottom. */
  const order = () => page.getByRole('table', { name: 'Results' }).locator('tbody .name').allInnerTexts();

  describe.each(themeNames)('in the %s theme', (theme) => {
    it.each([1280, 600])(
      'shows methods at %i pixels, without errors and accessible to everyone',
      async (width) => {
        await open(madeComparison({ status: halfWay }), { theme, width });
        await settled();
        await shoot(`${theme}-${width}`);
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
      },
    );
  });

  it('groups rows by the data that they are judged by, and says so', async () => {
    const runs = [0.5, 1].flatMap((correlation) =>
      madeComparison({ variants: ['single-task', 'mmoe'] }).map((run) => ({
        ...run,
        folder: `${run.folder}-${correlation}`,
        manifest: {
          ...run.manifest,
          experiment: { ...run.manifest.experiment, data: { source: { synthetic: { correlation } } } },
        },
      })),
    );
    await open(runs);
    const results = page.getByRole('table', { name: 'Results' });
    await results.getByRole('rowheader', { name: 'correlation .5', exact: true }).waitFor();
    await page.getByText('judged by 2 different sets of rows').waitFor();
    expect(await page.getByText('Learn income and never married together?').count()).toBe(2);
    await settled();
    await shoot('two-data');
    await results.getByRole('button', { name: 'test AUC' }).first().click();
    expect(await order()).toEqual(['mmoe', 'single-task', 'mmoe', 'single-task']);
    await page.getByText('mmoe income +0.000888').first().waitFor();
  });

  it('doubts a feature that gives a label away, once for all runs, beside what is compared', async () => {
    const leak = {
      task: 'income',
      feature: 'minutes',
      metric: 'auc' as const,
      value: 1,
      missing: { side: '0' },
    };
    const doubtful = madeComparison({ variants: ['single-task', 'mmoe'] }).map((run) => ({
      ...run,
      manifest: { ...run.manifest, data: { ...run.manifest.data!, leaks: [leak] } },
    }));
    await open(doubtful);
    const notes = page.locator('mmoe-compare-header .doubt');
    await notes.waitFor();
    expect(await notes.count()).toBe(1);
    expect(await notes.textContent()).toContain('minutes');
    expect(await notes.textContent()).toContain('is missing');
    await settled();
    await shoot('doubt');
    await compare.post(runsMessage(madeComparison({ variants: ['single-task', 'mmoe'] })));
    await notes.waitFor({ state: 'detached' });
  });

  it('shows forty runs by themselves, and folded', async () => {
    const runs = madeComparison({
      variants: Array.from({ length: 8 }, (_, index) => `variant-${index + 1}`),
      seeds: 5,
    });
    await open(runs);
    expect(await order()).toHaveLength(8);
    await settled();
    await shoot('forty-folded');
    await page.getByRole('radio', { name: 'runs', exact: true }).click();
    await expect.poll(order).toHaveLength(40);
    await settled();
    await shoot('forty');
    expect(await page.getByText('Too many lines to name').count()).toBe(2);
  });

  it('shades the edge beyond which a table goes on, and no other', async () => {
    /** One pixel of the first row that has no text, at the right edge. */
    const edge = async (): Promise<string> => {
      const scroll = page.locator('mmoe-results-card .scroll');
      const [box, row] = [await scroll.boundingBox(), await scroll.locator('tbody tr').first().boundingBox()];
      const clip = { x: box!.x + box!.width - 2, y: row!.y + 2, width: 1, height: 1 };
      return (await page.screenshot({ clip })).toString('base64');
    };
    await open(madeComparison({ tasks: mixedTasks }), { width: 600 });
    const shaded = await edge();
    await page
      .locator('mmoe-results-card .scroll')
      .evaluate((element) => (element.scrollLeft = element.scrollWidth));
    const plain = await edge();
    expect(shaded).not.toBe(plain);
    await page.setViewportSize({ width: 1800, height: 1300 });
    await expect.poll(edge).toBe(plain);
  });

  it('sets numbers below each other by their last digits, and lists of seeds as texts', async () => {
    await open(madeComparison());
    const table = page.getByRole('table', { name: 'Differences' });
    const align = (column: string) =>
      table.getByRole('columnheader', { name: column }).evaluate((header) => {
        const cells = [...header.closest('table')!.querySelectorAll('tr')].map(
          (row) => row.children[(header as HTMLTableCellElement).cellIndex]!,
        );
        return [...new Set(cells.map((cell) => getComputedStyle(cell).textAlign))];
      });
    expect(await align('parameters')).toEqual(['right']);
    expect(await align('training.seed')).toEqual(['left']);
    expect(await align('model.variant')).toEqual(['left']);
  });

  it('shows tasks of every kind, and takes the metric that each is judged by', async () => {
    await open(madeComparison({ tasks: mixedTasks }));
    await settled();
    await shoot('mixed');
    for (const label of ['validation AUC', 'validation accuracy', 'validation R²'])
      await page.getByText(label).first().waitFor();
    await page.getByRole('radio', { name: 'AUC', exact: true }).click();
    await page.getByText('minutes watched: no AUC').waitFor();
  });

  it('sorts by a column, by keyboard too, and says so', async () => {
    await open(madeComparison());
    expect(await order()).toEqual(['single-task', 'shared-bottom', 'omoe', 'mmoe']);
    const heading = page
      .getByRole('table', { name: 'Results' })
      .getByRole('columnheader', { name: 'test AUC' })
      .first();
    await heading.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await heading.getAttribute('aria-sort')).toBe('descending');
    expect(await order()).toEqual(['mmoe', 'omoe', 'shared-bottom', 'single-task']);
    await page.keyboard.press('Enter');
    expect(await order()).toEqual(['single-task', 'shared-bottom', 'omoe', 'mmoe']);
  });

  it('opens a method into its seeds, and a run’s own page from there', async () => {
    const runs = madeComparison();
    await open(runs);
    await page.getByRole('button', { name: 'Show the seeds of mmoe' }).click();
    await page.getByRole('rowheader', { name: 'seed 2' }).getByRole('button').click();
    expect(await last('open')).toEqual({ type: 'open', folder: runs[10]!.folder });
  });

  it('copies the results as CSV', async () => {
    await open(madeComparison());
    await page.getByRole('button', { name: 'Copy or save: Results' }).click();
    await page.getByRole('menuitem', { name: 'Copy as CSV' }).click();
    const message = await last('copy');
    if (message.type !== 'copy') throw new Error('nothing was copied');
    const [header, ...lines] = message.text.trim().split('\n');
    expect(header).toContain('income AUC mean');
    expect(lines.map((line) => line.split(',')[0])).toEqual(['single-task', 'shared-bottom', 'omoe', 'mmoe']);
  });

  it('asks to stop all as long as something trains', async () => {
    await open(madeComparison({ status: halfWay }));
    await page.getByText('12 runs: 4 queued, 2 training, 5 finished, 1 failed').waitFor();
    await page.getByRole('button', { name: 'Stop All' }).click();
    await last('stopAll');
    await compare.post({ ...runsMessage([]), type: 'update', changed: madeComparison(), removed: [] });
    await page.getByText('12 runs', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Stop All' }).count()).toBe(0);
  });

  it('keeps what it shows and what was chosen, for a reload', async () => {
    await open(madeComparison());
    const omoe = () =>
      page.getByRole('table', { name: 'Results' }).getByRole('button', { name: 'omoe', exact: true });
    await omoe().click();
    expect(await omoe().getAttribute('aria-pressed')).toBe('true');
    await page
      .getByRole('table', { name: 'Results' })
      .getByRole('button', { name: 'Draw the curves of mmoe' })
      .click();
    await settled();
    await shoot('lit');
    const kept = await compare.kept();
    expect(kept).toMatchObject({ subject: runsMessage([]).subject });
    await page.close();
    await open(madeComparison(), { saved: kept });
    expect(await omoe().getAttribute('aria-pressed')).toBe('true');
  });

  it('reads the values of all at a place', async () => {
    await open(madeComparison());
    await settled();
    const plot = page.getByRole('application').first();
    await plot.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.locator('.tip').first().waitFor();
    await shoot('tip');
    expect(await page.locator('.tip').first().innerText()).toMatch(
      /epoch 19[\s\S]*mmoe[\s\S]*omoe[\s\S]*shared-bottom[\s\S]*single-task/,
    );
  });

  it('waits for the first run, and says when all are gone', async () => {
    await open([]);
    await page.getByText('Runs appear here as soon as they are queued').waitFor();
    await shoot('empty');
    const subject = { folders: ['/gone'], comparison: null, title: 'census: all variants' };
    await compare.post({ type: 'runs', subject, runs: [] });
    await page.getByText('are no longer there').waitFor();
    await compare.post(runsMessage(madeComparison({ variants: ['mmoe'], seeds: 1 })));
    await page.getByText('nothing to compare it with yet').waitFor();
    await settled();
    await shoot('one');
  });
});
