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
const variants = ['mmoe', 'ple', 'shared-bottom'];
const rates = [0.0003, 0.001, 0.003];

/** Runs of two comparisons; every 50th trains, some have failed, the last ones were judged by other rows. */
function madeRuns(count: number): TableRun[] {
  return Array.from({ length: count }, (_, i) => {
    const [variant, rate, seed] = [variants[i % 3]!, rates[Math.floor(i / 3) % 3]!, 1 + Math.floor(i / 9)];
    const status = i % 50 === 7 ? 'running' : i % 31 === 11 ? 'failed' : 'finished';
    const score = (salt: number): number | null =>
      status === 'finished' ? 0.9 + 0.05 * Math.abs(Math.sin(i * 7.1 + salt)) : null;
    const comparison = i % 2 === 0 ? { id: 'a', name: 'census: learning rates' } : null;
    return {
      folder: `/census/.mmoe/runs/${i}`,
      id: `20261129-${String(100000 + i)}-aaaa`,
      name: `census · ${variant} · learningRate ${String(rate).slice(1)} · seed ${seed}`,
      status,
      epoch: status === 'running' ? 7 : null,
      epochs: 20,
      starred: i % 40 === 3,
      archived: false,
      tags: i % 10 === 2 ? ['keep', 'wide'] : i % 10 === 5 ? ['old'] : [],
      experiment: 'census',
      comparison,
      created: new Date(Date.UTC(2026, 10, 29, 14, 0) - i * 60_000).toISOString(),
      seconds: 10 + (i % 7),
      parameters: 73_714 + 1000 * (i % 3),
      rows: { choice: i < count - 2 ? 'a' : 'b', encoding: 'e', fingerprint: 'f' },
      settings: [variant, rate, seed],
      scores: {
        income: { kind: 'binary', validation: score(1), test: score(2) },
        'never married': { kind: 'binary', validation: score(3), test: score(4) },
      },
    };
  });
}

const inColumns = (runs: readonly TableRun[]): RunsInColumns => {
  const rows = new RunColumns(paths.length);
  for (const run of runs) rows.add(run);
  return rows.columns;
};

type Table = PageInBrowser<HostToRunsTable, RunsTableToHost>;

describe.skipIf(missingForRealHost({ browser: true }) !== null)('the table of runs in a browser', () => {
  let browser: Browser;
  let bundle: Bundle;
  let page: Page;
  let table: Table;

  beforeAll(async () => {
    [browser, bundle] = await Promise.all([launchChromium(), buildPage('runs')]);
  });
  afterEach(async () => {
    expect(table.errors).toEqual([]);
    await page.close();
  });
  afterAll(() => browser.close());

  const found = (runs: readonly TableRun[], query = ''): HostToRunsTable => ({
    type: 'found',
    query,
    folders: runs.map(({ folder }) => folder),
    rowSets: [
      { label: '400 test rows', keys: ['a e f'] },
      { label: '2,000 test rows', keys: ['b e f'] },
    ],
    problem: null,
    completions: [],
  });
  const open = async (
    runs: readonly TableRun[],
    {
      theme = 'dark',
      width = 1280,
      saved = null,
    }: { theme?: ThemeName; width?: number; saved?: unknown } = {},
  ) => {
    page = await browser.newPage({ viewport: { width, height: 700 } });
    table = await openPage(page, bundle, theme, saved);
    await table.post({ type: 'runs', paths, runs: inColumns(runs), kept: null });
    await table.post(found(runs));
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    await drawn(page);
  };

  it('shows the newest of very many runs before all are there, unless it begins with others', async () => {
    const runs = madeRuns(30);
    const newest: HostToRunsTable = {
      ...{ type: 'runs', paths, runs: inColumns(runs.slice(0, 10)), kept: null },
      newestOf: { found: 29, all: 30 },
    };
    page = await browser.newPage({ viewport: { width: 1280, height: 700 } });
    table = await openPage(page, bundle, 'dark', null);
    await table.post(newest);
    await page.getByRole('status').getByText('29 of 30').waitFor();
    expect(await page.locator('.lines .run').count()).toBe(10);
    await table.post({ type: 'runs', paths, runs: inColumns(runs), kept: null });
    await page.getByRole('status').getByText('30 of 30').waitFor();
    await page.close();
    page = await browser.newPage({ viewport: { width: 1280, height: 700 } });
    table = await openPage(page, bundle, 'dark', { sort: [{ column: 'name', descending: false }] });
    await table.post(newest);
    await table.post({ type: 'runs', paths, runs: inColumns(runs), kept: null });
    await page.getByRole('status').getByText('30 of 30').waitFor();
  });
  const shoot = async (name: string): Promise<void> => {
    if (shots === undefined) return;
    await mkdir(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `runs-${name}.png`) });
  };
  const grid = () => page.getByRole('treegrid', { name: 'Runs' });
  const rows = () => grid().locator('.lines .run');
  const names = () => rows().locator('.name').allInnerTexts();
  const posted = async <Type extends RunsTableToHost['type']>(type: Type) =>
    (await table.posted()).filter(
      (message): message is Extract<RunsTableToHost, { type: Type }> => message.type === type,
    );
  const key = (name: string) => page.keyboard.press(name);

  describe.each(themeNames)('in the %s theme', (theme) => {
    it.each([1280, 600])('is shown at %i pixels without errors, accessible to everyone', async (width) => {
      const runs = madeRuns(60);
      await open(runs, {
        theme,
        width,
        saved: {
          baseline: runs[0]!.folder,
          group: 'comparison',
          sort: [{ column: 'score:test:income', descending: true }],
        },
      });
      await rows().nth(1).click();
      await rows()
        .nth(3)
        .click({ modifiers: ['Control'] });
      await drawn(page);
      await shoot(`${theme}-${width}`);
      // The selected rows are told apart and read in every theme.
      const colours = await rows()
        .nth(3)
        .evaluate((row) => {
          const { color, backgroundColor } = getComputedStyle(row);
          return { color, backgroundColor, page: getComputedStyle(document.body).backgroundColor };
        });
      expect(colours.color).not.toBe(colours.backgroundColor);
      expect(colours.backgroundColor).not.toBe(colours.page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      await page.evaluate(await axeScript());
      const { violations } = await page.evaluate<AxeResults>(() =>
        (window as never as { axe: { run(): Promise<AxeResults> } }).axe.run(),
      );
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    });
  });

  it('has no more lines in the document than can be seen, of ten thousand, and shows the last at the end', async () => {
    const runs = madeRuns(10_000);
    await open(runs);
    expect(await rows().count()).toBeLessThan(80);
    expect(await grid().getAttribute('aria-rowcount')).toBe('10001');
    await grid().focus();
    await key('End');
    await expect.poll(names).toContain(runs.at(-1)!.name);
    await expect.poll(() => grid().getAttribute('aria-activedescendant')).toBe('line-9999');
  });

  it('is sorted by several columns', async () => {
    const runs = madeRuns(30);
    await open(runs);
    await grid().getByRole('columnheader', { name: 'learningRate' }).getByRole('button').click();
    await grid()
      .getByRole('columnheader', { name: 'variant' })
      .getByRole('button')
      .click({ modifiers: ['Shift'] });
    await drawn(page);
    const shown = await names();
    const wanted = [...runs]
      .sort(
        (a, b) =>
          (b.settings[1] as number) - (a.settings[1] as number) ||
          String(a.settings[0]).localeCompare(String(b.settings[0])),
      )
      .map(({ name }) => name);
    expect(shown.slice(0, 15)).toEqual(wanted.slice(0, 15));
    await page.waitForFunction(
      () => (window as never as { kept(): { sort: unknown[] } }).kept().sort.length === 2,
    );
  });

  it('is used by keys alone: move, select, compare, delete, open, filter', async () => {
    const runs = madeRuns(30);
    await open(runs);
    await grid().focus();
    await key('ArrowDown');
    await key('Space');
    await key('Shift+ArrowDown');
    await key('Shift+ArrowDown');
    await expect.poll(() => page.getByText('3 selected').count()).toBe(1);
    await key('Delete');
    expect(await posted('act')).toEqual([
      { type: 'act', action: 'delete', folders: runs.slice(1, 4).map(({ folder }) => folder) },
    ]);
    await page.getByRole('button', { name: 'Compare' }).click();
    expect((await posted('act')).at(-1)).toMatchObject({ action: 'compare' });
    await grid().focus();
    await key('Enter');
    expect(await posted('open')).toEqual([{ type: 'open', folder: runs[3]!.folder }]);
    await key('/');
    await page.keyboard.type('tag = old');
    await expect.poll(async () => (await posted('find')).at(-1)?.query).toBe('tag = old');
    await table.post(
      found(
        runs.filter(({ tags }) => tags.includes('old')),
        'tag = old',
      ),
    );
    await expect.poll(() => page.getByRole('status').innerText()).toBe('3 of 30');
  });

  it('completes a query, and says what is wrong with one', async () => {
    await open(madeRuns(5));
    const box = page.getByRole('combobox', { name: 'Filter runs' });
    await box.fill('var');
    await table.post({
      ...found([], 'var'),
      completions: [{ label: 'variant', text: 'variant ' }],
    } as HostToRunsTable);
    await page.getByRole('listbox').getByRole('option', { name: 'variant' }).waitFor();
    await key('ArrowDown');
    await key('Enter');
    expect(await box.inputValue()).toBe('variant ');
    await box.fill('variant =');
    await table.post({
      ...found([], 'variant ='),
      problem: { at: 9, message: '"variant =" needs a value' },
    } as HostToRunsTable);
    await page.getByText('"variant =" needs a value').waitFor();
    expect(await box.getAttribute('aria-invalid')).toBe('true');
  });

  it('shows differences to a pinned run, of the same rows only', async () => {
    const runs = madeRuns(6).map((run) => ({ ...run, status: 'finished' as const }));
    await open(runs);
    await rows().first().click();
    await page.getByRole('button', { name: 'Pin as baseline' }).click();
    await grid().locator('.pinned').waitFor();
    const differences = await rows().locator('.difference').allInnerTexts();
    // Two columns of scores; the baseline itself and the two runs of other rows have none.
    expect(differences.map((text) => text !== '')).toEqual(
      [false, true, true, true, false, false].flatMap((has) => [has, has]),
    );
    const value = (run: TableRun): number => run.scores['income']!.test!;
    const wanted = value(runs[1]!) - value(runs[0]!);
    expect(Number(differences[2]!.replace('−', '-'))).toBeCloseTo(wanted, 4);
  });

  it('ranks runs among those of the same rows, and says so', async () => {
    const runs = madeRuns(8).map((run) => ({ ...run, status: 'finished' as const }));
    await open(runs);
    const headings = () => grid().locator('.group').allInnerTexts();
    expect(await headings()).toEqual([]);
    await grid().getByRole('columnheader', { name: 'income AUC test' }).getByRole('button').click();
    await expect
      .poll(headings)
      .toEqual([
        '400 test rows, ranked on their own · 6 runs',
        '2,000 test rows, ranked on their own · 2 runs',
      ]);
    const byScore = (some: readonly TableRun[]) =>
      [...some].sort((a, b) => b.scores['income']!.test! - a.scores['income']!.test!);
    expect(await names()).toEqual(
      [...byScore(runs.slice(0, 6)), ...byScore(runs.slice(6))].map(({ name }) => name),
    );
  });

  it('opens and closes groups, by keys too, and keeps what was chosen', async () => {
    await open(madeRuns(12), { saved: { group: 'comparison' } });
    const group = grid().locator('.group').first();
    expect(await group.innerText()).toContain('census: learning rates · 6 runs');
    await grid().focus();
    await key('ArrowLeft');
    await expect.poll(() => group.getAttribute('aria-expanded')).toBe('false');
    expect(await rows().count()).toBe(6);
    expect((await posted('keep')).at(-1)?.state).toMatchObject({
      group: 'comparison',
      closed: ['comparison\na'],
    });
  });

  it('takes up news while it is shown', async () => {
    const runs = madeRuns(8);
    await open(runs);
    const changed = { ...runs[7]!, status: 'finished' as const, tags: ['new'] };
    await table.post({ type: 'update', changed: [changed], removed: [runs[0]!.folder] });
    await table.post(found(runs.slice(1)));
    await expect.poll(() => page.getByRole('status').innerText()).toBe('7 of 7');
    await expect.poll(() => rows().last().locator('.tag').innerText()).toBe('new');
  });
});
