import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunManifest } from '../../src/shared/run/run-manifest.js';
import type { EventOf, RunEvent } from '../../src/shared/run/run-events.js';
import { launchChromium } from '../real-host/chromium.mjs';
import { missingForRealHost } from '../real-host/prerequisites.mjs';
import { madeRun, runMessage, twoTasks } from './made-run.fixture.js';
import { buildRunPage, openRunPage, type Bundle, type RunPageInBrowser } from './page-in-browser.fixture.js';

type Level = NonNullable<RunManifest['network']>['levels'][number];
type Stream = EventOf<'routes'>['groups'][number]['streams'][number];

const streams = twoTasks.map(({ name }, task) => ({ name, task }));
const constant = (...mean: number[]): Stream => ({ mean, sd: mean.map(() => 0) });
const bottom: Level = {
  experts: 1,
  width: 16,
  routes: 'fixed',
  streams: [{ name: 'bottom', task: null }],
  expertNames: ['bottom'],
};

/** A made run whose levels and their streams, the same after every epoch, are those of a variant. */
function variantRun(
  variant: string,
  levels: readonly { readonly level: Level; readonly weights: Stream[] }[],
  change: (event: RunEvent) => RunEvent = (event) => event,
) {
  const run = madeRun({
    levels: levels.length,
    experts: Math.max(...levels.map(({ level }) => level.experts)),
    status: 'finished',
    epochsDone: 20,
  });
  const manifest = { ...run.manifest, network: { variant, levels: levels.map(({ level }) => level) } };
  const events = run.events.map((event) => {
    if (event.type !== 'routes') return change(event);
    return {
      ...event,
      groups: event.groups.slice(0, 1).map((group) => ({ ...group, streams: levels[event.level]!.weights })),
    };
  });
  return runMessage({ ...run, manifest, events });
}

describe.skipIf(missingForRealHost({ browser: true }) !== null)('the run page of a variant', () => {
  let browser: Browser;
  let bundle: Bundle;
  let page: Page;
  let run: RunPageInBrowser;

  beforeAll(async () => {
    [browser, bundle] = await Promise.all([launchChromium(), buildRunPage()]);
  });
  afterEach(async () => {
    expect(run.errors).toEqual([]);
    await page.close();
  });
  afterAll(() => browser.close());

  const show = async (message: ReturnType<typeof variantRun>): Promise<void> => {
    page = await browser.newPage({ viewport: { width: 1280, height: 1100 } });
    run = await openRunPage(page, bundle, 'dark');
    await run.post(message);
    await page.getByRole('heading', { name: 'Experts', exact: true }).waitFor();
  };

  it('shows stitches with their signs, on the level that learns', async () => {
    const stitches: Level = {
      experts: 2,
      width: 16,
      routes: 'constants',
      streams,
      expertNames: ['income', 'never married'],
    };
    await show(
      variantRun('cross-stitch', [
        { level: bottom, weights: [constant(1)] },
        { level: stitches, weights: [constant(1.3, -0.4), constant(0.2, 0.9)] },
      ]),
    );
    await page.getByText('line width: size of the stitch, 1.30 at the widest · dashed: negative').waitFor();
    await page.getByRole('heading', { name: 'Stitches over training' }).waitFor();
    expect(await page.locator('mmoe-network path.line[stroke-dasharray]').count()).toBe(1);
    expect(await page.locator('mmoe-experts-card tbody tr').nth(1).innerText()).toContain('−0.40');
    const picture = page.locator('mmoe-network [role=application]');
    await picture.focus();
    await page.keyboard.press('ArrowLeft');
    await page.locator('mmoe-network').getByText('−0.40').first().waitFor();
  });

  it('shows a module once, whichever copy a path takes', async () => {
    const modules: Level = { experts: 4, width: 16, routes: 'path', streams, sameWeights: [0, 1, 0, 1] };
    await show(
      variantRun('pathnet', [{ level: modules, weights: [constant(1, 0, 0, 0), constant(0, 0, 1, 1)] }]),
    );
    await page.getByRole('heading', { name: 'Paths over training' }).waitFor();
    expect(await page.locator('mmoe-experts-card tbody tr').count()).toBe(2);
    expect(await page.locator('mmoe-network path.line').count()).toBe(3);
  });

  it('shows how many rows a sparse gate gives an expert, and the weights of the losses', async () => {
    const histogram = [0, 1].map(() => [5, 0, 5, 0]);
    const gate = { mean: [0.4, 0.6], sd: [0.1, 0.1], histogram, load: [0.5, 0.75] };
    const level: Level = { experts: 2, width: 16, routes: 'gate', streams };
    const weigh = (event: RunEvent): RunEvent =>
      event.type === 'epoch' ? { ...event, lossWeights: { income: 0.5, 'never married': 1.5 } } : event;
    await show(variantRun('mmoe', [{ level, weights: [gate, gate] }], weigh));
    await page.locator('mmoe-violins').getByText('load', { exact: true }).waitFor();
    await page.locator('mmoe-violins [role=application]').focus();
    await page.keyboard.press('ArrowLeft');
    await page.locator('mmoe-violins').getByText('0.60 ± 0.10 · 75.0 % of rows').first().waitFor();
    await page
      .getByRole('radio', { name: 'loss weight' })
      .or(page.getByRole('button', { name: 'loss weight' }))
      .click();
    await page.getByRole('button', { name: 'Show as table: Curves' }).click();
    await page.getByText('income loss weight').waitFor();
  });
});
