import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostToStudyPage, StudyPageToHost } from '../../src/shared/messages/study-protocol.js';
import { launchChromium } from '../real-host/chromium.mjs';
import { missingForRealHost } from '../real-host/prerequisites.mjs';
import { madeLabels, madeRecommender, madeStudy, studyMessage } from './made-study.fixture.js';
import {
  axeScript,
  buildPage,
  drawn,
  openStudyPage,
  themeNames,
  type Bundle,
  type StudyPageInBrowser,
  type ThemeName,
} from './page-in-browser.fixture.js';

/** `MMOE_SHOTS=folder` keeps a picture of every page that is opened. */
const shots = process.env['MMOE_SHOTS'];

describe.skipIf(missingForRealHost({ browser: true }) !== null)('the study page in a browser', () => {
  let browser: Browser;
  let bundle: Bundle;
  let page: Page;
  let study: StudyPageInBrowser;

  beforeAll(async () => {
    [browser, bundle] = await Promise.all([launchChromium(), buildPage('study')]);
  });
  afterEach(async () => {
    expect(study.errors).toEqual([]);
    await page.close();
  });
  afterAll(() => browser.close());

  const open = async (
    made = madeStudy(),
    {
      theme = 'dark',
      width = 1280,
      saved = null,
      status = 'finished',
    }: {
      theme?: ThemeName;
      width?: number;
      saved?: unknown;
      status?: 'running' | 'finished' | 'stopped';
    } = {},
  ) => {
    page = await browser.newPage({ viewport: { width, height: 1300 } });
    study = await openStudyPage(page, bundle, theme, saved);
    await study.post(studyMessage(made, status));
    await page.getByRole('heading', { name: made.record.name, exact: true }).waitFor();
  };
  const shoot = async (name: string): Promise<void> => {
    if (shots === undefined) return;
    await mkdir(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `study-${name}.png`), fullPage: true });
  };
  const last = async <Type extends StudyPageToHost['type']>(
    type: Type,
  ): Promise<Extract<StudyPageToHost, { type: Type }>> => {
    await expect.poll(async () => (await study.posted()).some((one) => one.type === type)).toBe(true);
    return (await study.posted()).findLast((one) => one.type === type) as Extract<
      StudyPageToHost,
      { type: Type }
    >;
  };

  describe.each(themeNames)('in the %s theme', (theme) => {
    it.each([1400, 600])('shows a study at %i pixels, accessible to everyone', async (width) => {
      await open(madeStudy({ done: 150 }), { theme, width, status: 'running' });
      await drawn(page);
      await shoot(`${theme}-${width}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      await page.evaluate(await axeScript());
      const { violations } = await page.evaluate(() =>
        (window as never as { axe: { run(): Promise<AxeResults> } }).axe.run(),
      );
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
      ).toEqual([]);
    });
  });

  it('draws distributions in four ways, and mean curves with three bands', async () => {
    await open();
    for (const kind of ['violin', 'histogram', 'cumulative']) {
      await page.getByRole('radio', { name: kind, exact: true }).click();
      await drawn(page);
      await shoot(kind);
    }
    for (const band of ['95 % (bootstrap)', 'no band']) {
      await page.getByRole('radio', { name: band, exact: true }).click();
      await drawn(page);
    }
    await page.getByRole('button', { name: 'log', exact: true }).click();
    await drawn(page);
    await shoot('log');
  });

  it('finds a run by keyboard, shows what is known of it, and asks to open it as a run', async () => {
    const made = madeStudy();
    await open(made);
    const figure = page.getByRole('application', { name: /Final values/ });
    await figure.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const run = () => page.getByRole('region', { name: 'Run', exact: true });
    await run()
      .getByText(/0\.5 · shared-bottom · 0\.01 · seed \d+/)
      .waitFor();
    await drawn(page);
    await shoot('picked');
    await run().getByRole('button', { name: 'Open as Run' }).click();
    const { key } = await last('openAsRun');
    expect(made.lines.map((line) => line.key)).toContain(key);
    const kept = await study.kept();
    expect(kept).toMatchObject({ picked: key });
    await page.close();
    const lines = made.lines.map((line) => ({ ...line, run: '20260101-000000-abcd' }));
    await open({ ...made, lines }, { saved: kept });
    await run().getByRole('button', { name: 'Open Run' }).click();
    expect(await last('openAsRun')).toEqual({ type: 'openAsRun', key, run: '20260101-000000-abcd' });
    await run().getByRole('button', { name: 'Close' }).click();
    expect(await run().count()).toBe(0);
  });

  it('finds the run under the pointer', async () => {
    await open(madeStudy({ seeds: 1 }));
    await drawn(page);
    const points = page.locator('mmoe-distribution-card circle');
    await points.nth(2).scrollIntoViewIfNeeded();
    const box = (await points.nth(2).boundingBox())!;
    await page.mouse.move(box.x + 3, box.y + 3);
    await page.locator('mmoe-distribution-card .tip').getByText('mmoe, correlation = 0.5, seed 1').waitFor();
    await page.mouse.click(box.x + 3, box.y + 3);
    await page.getByText('0.5 · mmoe · 0.01 · seed 1').waitFor();
  });

  it('grows while it is trained', async () => {
    const all = madeStudy();
    const some = { ...all, lines: all.lines.slice(0, 30) };
    await open(some, { status: 'running' });
    await page.getByText('30 of 180 runs').waitFor();
    await study.post({
      ...studyMessage({ ...all, lines: all.lines.slice(30) }, 'running'),
      type: 'update',
    } as HostToStudyPage);
    await page.getByText('180 of 180 runs').waitFor();
    expect(await page.getByRole('table', { name: 'Results' }).locator('tbody tr').count()).toBe(18);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    expect(await last('action')).toEqual({ type: 'action', action: 'stop' });
  });

  it('compares with what is chosen, and copies the table for papers', async () => {
    await open();
    await page.getByRole('combobox', { name: 'Compared with' }).click();
    await page.getByRole('option', { name: 'variant = omoe' }).click();
    await page.getByRole('columnheader', { name: 'vs omoe' }).waitFor();
    await page.getByRole('button', { name: 'Copy or save: Results' }).click();
    await page.getByRole('menuitem', { name: 'Copy as LaTeX' }).click();
    const { text } = await last('copy');
    expect(text).toMatch(/^\\begin\{tabular\}[\s\S]*p \(Holm\)[\s\S]*shared-bottom/);
    expect(await study.kept()).toMatchObject({ baseline: '["model.variant","omoe"]' });
  });

  it('saves figures for papers: vectors in dark on white, with labelled axes', async () => {
    await open();
    await page.getByRole('button', { name: 'Copy or save: Loss by epoch' }).click();
    await page.getByRole('menuitem', { name: 'Save as SVG' }).click();
    const { content, format } = await last('save');
    expect(format).toBe('svg');
    expect(content).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[\s\S]*fill="#ffffff"/);
    for (const label of ['>epoch<', '>validation loss<', '>correlation = 0.9<', '>shared-bottom<'])
      expect(content).toContain(label);
    expect(content).not.toContain('NaN');
  });

  it('shows a study of the paper beside its numbers, its claims, and how gates weigh experts', async () => {
    await open(madeRecommender(), { width: 1000 });
    const claims = page.getByRole('table', { name: 'What the paper says, and what came out here' });
    expect(await claims.getByRole('row').count()).toBe(12);
    await claims
      .getByText(/AUC (higher|lower) by 0\.\d+ \(95 %/)
      .first()
      .waitFor();
    const beside = page.getByRole('table', { name: /^Table 3: AUC of clicks/ });
    await beside.getByRole('row', { name: /^mmoe .* 0\.6894 .* 0\.6897 .* 0\.6908/ }).waitFor();
    await page.getByRole('radio', { name: 'Table 4' }).click();
    await page.getByRole('radio', { name: 'improvements' }).click();
    await page.getByRole('row', { name: /mmoe, over shared-bottom .*\+0\.25 %/ }).waitFor();
    const gates = page.getByRole('application', { name: 'Gates' });
    await gates.scrollIntoViewIfNeeded();
    await drawn(page);
    expect(await page.locator('mmoe-gates-card rect').count()).toBe(2 * 2 * 4);
    await shoot('recommender');
    await page.getByRole('radio', { name: 'first run' }).click();
    await gates.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.getByText('omoe · 0.003 · seed 1', { exact: true }).waitFor();
    expect(await study.kept()).toMatchObject({ paper: 'table4', paperPart: 'improvements', gates: 'run' });
  });

  it('says what matters, and what the measure is at the values of each setting, or why it cannot', async () => {
    await open(madeStudy({ methods: ['omoe', 'mmoe', 'shared-bottom'] }), { width: 1000 });
    const card = page.locator('mmoe-importance-card');
    const figure = card.getByRole('application', { name: 'What matters' });
    await figure.scrollIntoViewIfNeeded();
    await drawn(page);
    await shoot('importance');
    await card.getByText(/from 9 of 9 different settings\.\s+It foretells (only )?\d+/).waitFor();
    await figure.focus();
    await page.keyboard.press('Home');
    await card.locator('.tip').getByText('with others').waitFor();
    await card.getByRole('radio', { name: 'dependence' }).click();
    await card.getByText('What test loss, mean of tasks is believed to be').waitFor();
    await drawn(page);
    await shoot('dependence');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Copy or save: What matters' }).click();
    await page.getByRole('menuitem', { name: 'Copy as Markdown' }).click();
    expect((await last('copy')).text).toMatch(/\| variant \| mmoe \| 0\.\d+ \|/);
    await page.close();
    await open(madeStudy({ methods: ['mmoe'], correlations: [0.5, 1] }));
    await page.getByText(/Too few different settings .* 2 were trained, and it takes 6/).waitFor();
  });

  it('shows figure 2, which trains nothing, as a figure', async () => {
    await open(madeLabels(), { width: 600 });
    const figure = page.getByRole('application', { name: 'Correlation of labels' });
    await drawn(page);
    await shoot('labels');
    await figure.focus();
    await page.keyboard.press('End');
    await page.locator('mmoe-labels-card .tip').getByText('p = 1').waitFor();
    await page.getByText('paper: drawn as a figure, not given as numbers.').waitFor();
    expect(await page.getByRole('heading', { name: 'Loss by epoch' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Copy or save: Correlation of labels' }).click();
    await page.getByRole('menuitem', { name: 'Save as SVG' }).click();
    expect((await last('save')).content).toContain('>correlation of labels<');
  });

  it('says what to do while there is nothing to show', async () => {
    const none = { ...madeStudy({ paper: false }), lines: [] };
    await open(none, { status: 'running' });
    await page.getByText('learningRate is being picked first (0 of 180 runs are there)').waitFor();
    await study.post(studyMessage(none, 'stopped'));
    await page.getByText('Go On trains what is missing').waitFor();
    await shoot('empty');
    await page.getByRole('button', { name: 'Go On' }).click();
    expect(await last('action')).toEqual({ type: 'action', action: 'goOn' });
    await study.post({ type: 'gone', reason: 'it was deleted' });
    await page.getByText('This study is no longer there: it was deleted').waitFor();
  });

  it('shows one combination alone, and runs that have diverged', async () => {
    const one = madeStudy({ methods: ['mmoe'], correlations: [0.5], seeds: 3, paper: false });
    const lines = one.lines.map((line, i) =>
      i > 0 ? line : { ...line, status: 'diverged' as const, test: null, validation: null, bestEpoch: null },
    );
    await open({ ...one, lines });
    await page.getByText('1 diverged').first().waitFor();
    await drawn(page);
    await shoot('one');
  });

  it('shows one task against another, and what settings do', async () => {
    await open(madeStudy({ done: 150 }), { width: 1000 });
    const pareto = page.getByRole('application', { name: 'Task against task' });
    await pareto.scrollIntoViewIfNeeded();
    await drawn(page);
    await pareto.focus();
    await page.keyboard.press('End');
    await page.locator('mmoe-pareto-card .tip').getByText('1 · omoe · 0.01').waitFor();
    const plot = page.getByRole('application', { name: 'all settings' });
    await plot.scrollIntoViewIfNeeded();
    await drawn(page);
    const strong = () => page.locator('mmoe-parallel path[stroke-opacity="0.55"]').count();
    expect(await strong()).toBe(150);
    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + 70, box.y + 252);
    await page.mouse.down();
    await page.mouse.move(box.x + 70, box.y + 200, { steps: 4 });
    await page.mouse.up();
    await expect.poll(strong).toBe(60);
    await shoot('settings');
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(strong).toBe(150);
    await page.getByRole('button', { name: 'variant: leave out more of what is low' }).click();
    await page.getByRole('button', { name: 'variant: leave out more of what is low' }).click();
    await expect.poll(strong).toBe(90);
    expect(await study.kept()).toMatchObject({ brushes: [{ axis: 'model.variant', to: 1 }] });
    await page.getByRole('radio', { name: 'correlation', exact: true }).click();
    await page.getByText('lines: means').waitFor();
    await drawn(page);
    await shoot('setting');
  });
});
