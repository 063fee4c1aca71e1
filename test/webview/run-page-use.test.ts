import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunPageToHost } from '../../src/shared/messages/run-protocol.js';
import type { EventOf } from '../../src/shared/run/run-events.js';
import { launchChromium } from '../real-host/chromium.mjs';
import { missingForRealHost } from '../real-host/prerequisites.mjs';
import { madeRun, runMessage } from './made-run.fixture.js';
import {
  buildRunPage,
  drawn,
  openRunPage,
  type Bundle,
  type RunPageInBrowser,
} from './page-in-browser.fixture.js';

/** `MMOE_SHOTS=folder` keeps the pictures that are saved. */
const shots = process.env['MMOE_SHOTS'];

describe.skipIf(missingForRealHost({ browser: true }) !== null)('a person at the run page', () => {
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

  const open = async (saved: unknown = null): Promise<void> => {
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    run = await openRunPage(page, bundle, 'dark', saved);
    await run.post(runMessage(madeRun()));
    await page.getByRole('heading', { name: 'Experts', exact: true }).waitFor();
    await page.waitForFunction(
      () =>
        (document.querySelector('mmoe-run-page')?.shadowRoot?.querySelectorAll('mmoe-drift-card').length ??
          0) > 0,
    );
  };

  const last = async (type: RunPageToHost['type']): Promise<RunPageToHost> => {
    await expect.poll(async () => (await run.posted()).some((message) => message.type === type)).toBe(true);
    return (await run.posted()).findLast((message) => message.type === type)!;
  };

  const pick = async (card: string, item: string): Promise<void> => {
    await page.getByRole('button', { name: `Copy or save: ${card}` }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };

  const cards = [
    'Curves',
    'Who uses which expert',
    'Gate weights over validation rows',
    'Gates over training',
  ];

  it('saves each chart as a picture that shows it', async () => {
    await open();
    for (const card of cards) {
      await page.getByRole('button', { name: `Copy or save: ${card}` }).scrollIntoViewIfNeeded();
      const before = (await run.posted()).length;
      await pick(card, 'Save as SVG…');
      await expect.poll(async () => (await run.posted()).length).toBe(before + 1);
      const saved = (await run.posted()).at(-1)!;
      if (saved.type !== 'save' || saved.format !== 'svg') throw new Error(`posted ${saved.type}`);
      // Drawn by an image of its own, without the page's styles.
      const colours = await page.evaluate(async (svg) => {
        const image = new Image();
        image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
        await image.decode();
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
        const context = canvas.getContext('2d')!;
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        let blue = 0;
        let orange = 0;
        for (let at = 0; at < data.length; at += 4) {
          const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!];
          if (b > r + 60 && b > g) blue++;
          if (r > b + 60 && r > g) orange++;
        }
        return { blue, orange, width: canvas.width };
      }, saved.content);
      expect(colours.blue, card).toBeGreaterThan(150);
      expect(colours.orange, card).toBeGreaterThan(150);
      expect(saved.content).not.toMatch(/var\(--|<!--/);
      expect(saved.content).toMatch(/<text[^>]*font-size="11/);
      if (shots !== undefined) await writeFile(join(shots, `${card}.svg`), saved.content);
    }
  });

  it('saves as PNG and CSV, and copies', async () => {
    await open();
    await pick('Curves', 'Save as PNG…');
    const png = await last('save');
    expect(png).toMatchObject({ type: 'save', format: 'png', name: 'census · mmoe 8×16 AUC' });
    expect(png.type === 'save' && atob(png.content).startsWith('\u0089PNG')).toBe(true);
    await pick('Experts', 'Save as CSV…');
    await expect
      .poll(async () => (await last('save')).type === 'save' && (await run.posted()).at(-1))
      .toMatchObject({ format: 'csv' });
    await pick('Gates over training', 'Copy as CSV');
    const copied = await last('copy');
    expect(copied.type === 'copy' && copied.text.split('\n')[0]).toMatch(/^task,expert,epoch 0,epoch 1,/);
  });

  it('asks for what fits the state, by button and by menu', async () => {
    await open();
    await page.getByRole('button', { name: 'Stop' }).click();
    expect(await last('action')).toEqual({ type: 'action', action: 'stop' });
    await page.getByRole('button', { name: 'More actions' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect((await run.posted()).at(-1)).toEqual({ type: 'action', action: 'star' });
    await page.getByRole('button', { name: 'census.mmoe.json' }).click();
    expect((await run.posted()).at(-1)).toEqual({ type: 'action', action: 'openExperiment' });
  });

  it('reads every chart with the arrow keys', async () => {
    await open();
    const heard: string[] = [];
    for (const [chart, key] of [
      [/^AUC by epoch/, 'ArrowLeft'],
      [/^Tasks and experts/, 'ArrowRight'],
      [/^Weight of each expert/, 'ArrowRight'],
      [/^Mean weight of each expert/, 'ArrowRight'],
    ] as const) {
      const place = page.getByRole('application', { name: chart });
      await place.focus();
      await page.keyboard.press(key);
      await drawn(page);
      heard.push((await place.locator('xpath=following-sibling::*[@aria-live]').textContent()) ?? '');
    }
    expect(heard[0]).toMatch(/^epoch 13, income 0\.9\d+ · train 0\.9\d+, never married/);
    expect(heard[1]).toMatch(/^expert 1, income 0\.\d\d ± 0\.\d\d, never married .*15 of 16 units alive/);
    expect(heard[2]).toMatch(/^expert 1, income/);
    expect(heard[3]).toMatch(/^expert 1 · epoch 13, income/);
  });

  it('scrolls the page with the wheel over the curves, and zooms once they have the focus', async () => {
    await open();
    const plot = page.getByRole('application', { name: /^AUC by epoch/ });
    await plot.hover();
    await page.mouse.wheel(0, 120);
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(0);
    expect(await page.getByRole('button', { name: 'Reset zoom' }).count()).toBe(0);
    await plot.click();
    const before = await page.evaluate(() => window.scrollY);
    await page.mouse.wheel(0, -120);
    await page.getByRole('button', { name: 'Reset zoom' }).click();
    expect(await page.evaluate(() => window.scrollY)).toBe(before);
    expect(await page.getByRole('button', { name: 'Reset zoom' }).count()).toBe(0);
  });

  it('finds the page as it was left', async () => {
    await open();
    await page.getByRole('radio', { name: 'log-loss' }).click();
    await page.getByRole('radio', { name: 'step' }).click();
    await page.getByRole('button', { name: 'Show as table: Curves' }).click();
    await page.getByRole('button', { name: 'Gates over training', exact: true }).click();
    const kept = await page.evaluate(() => (window as never as { kept(): unknown }).kept());
    expect(kept).toMatchObject({ metric: 'logLoss', axis: 'step', tabled: ['curves'], folded: ['drift'] });
    await page.close();
    await open(kept);
    await expect
      .poll(() => page.getByRole('radio', { name: 'log-loss' }).getAttribute('aria-checked'))
      .toBe('true');
    expect(
      await page.getByRole('table', { name: 'Curves' }).getByRole('columnheader').first().textContent(),
    ).toContain('step');
    expect(await page.getByRole('application', { name: /^Mean weight/ }).count()).toBe(0);
  });

  it('sees other validation rows when they are chosen', async () => {
    await open();
    const box = page.getByRole('combobox', { name: 'Validation rows' });
    await box.click();
    await page.getByRole('option', { name: /^income: 1/ }).click();
    await page.getByText('income: 1 · mean, ±1 SD, distribution').waitFor();
  });

  it('sees the latest epoch’s gates while the run trains and the kept one’s once it has ended', async () => {
    await open();
    const { manifest, events } = madeRun();
    const summary = { ...manifest.summary!, bestEpoch: 2 };
    await page.getByText('distribution · epoch 13').waitFor();
    await run.post({
      type: 'update',
      manifest: { ...manifest, summary },
      status: 'stopped',
      canTrain: true,
      events: [],
    });
    for (const words of ['distribution · epoch 2 (best)', 'mean gate weight · epoch 2 (best)'])
      await page.getByText(words).waitFor();
    const look = events.find(
      (event): event is EventOf<'routes'> => event.type === 'routes' && event.epoch === 2,
    )!;
    const first = page.getByRole('table', { name: 'Experts' }).getByRole('row').nth(1);
    await expect
      .poll(() => first.getByRole('cell').first().textContent())
      .toBe(look.groups[0]!.streams[0]!.mean[0]!.toFixed(2));
  });

  it('has no gates over training where the model has no gates', async () => {
    await open();
    await run.post(runMessage(madeRun({ routes: 'fixed' })));
    await page.getByText('Weights of the experts').waitFor();
    expect(await page.getByText('Gates over training').count()).toBe(0);
  });

  it('sees the colours change with the theme while the page is open', async () => {
    await open();
    const background = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--task-0'));
    const dark = await background();
    await run.setTheme('light');
    await expect.poll(background).not.toBe(dark);
    const pixel = () =>
      page.evaluate(() => {
        const find = (root: ParentNode): HTMLCanvasElement | null => {
          for (const element of root.querySelectorAll('*')) {
            if (element.localName === 'mmoe-drift') return element.shadowRoot!.querySelector('canvas');
            const inside = element.shadowRoot && find(element.shadowRoot);
            if (inside) return inside;
          }
          return null;
        };
        return [...find(document)!.getContext('2d')!.getImageData(2, 2, 1, 1).data].slice(0, 3).join();
      });
    await expect.poll(pixel).toBe('248,248,248');
  });
});
