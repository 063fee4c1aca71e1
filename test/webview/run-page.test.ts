import { mkdir, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunContext } from '../../src/shared/messages/run-protocol.js';
import { runManifestSchema } from '../../src/shared/run/run-manifest.js';
import { runEventSchema } from '../../src/shared/run/run-events.js';
import { launchChromium } from '../real-host/chromium.mjs';
import { missingForRealHost } from '../real-host/prerequisites.mjs';
import { madeRun, mixedTasks, runMessage, type MadeRunOptions } from './made-run.fixture.js';
import {
  axeScript,
  buildRunPage,
  drawn,
  openRunPage,
  themeNames,
  type Bundle,
  type ThemeName,
} from './page-in-browser.fixture.js';

/** `MMOE_SHOTS=folder` keeps a picture of every page that is opened. */
const shots = process.env['MMOE_SHOTS'];
/** `MMOE_RUN=folder:folder` shows runs that were trained. */
const trained = process.env['MMOE_RUN'];
const among: RunContext = {
  name: 'census · mmoe · seed 3',
  standing: [
    {
      ...{ task: 'income', split: 'test', seeds: 5, mean: 0.0031, p: 0.01 },
      ...{ verdict: 'better', seedsToTell: null },
    },
    {
      ...{ task: 'never married', split: 'test', seeds: 5, mean: -0.0004, p: 0.14 },
      ...{ verdict: 'cannot tell', seedsToTell: 8 },
    },
  ],
  other: null,
};
const missing = missingForRealHost({ browser: true });

describe.skipIf(missing !== null)('the run page in a browser', () => {
  let browser: Browser;
  let bundle: Bundle;
  let page: Page | null = null;

  beforeAll(async () => {
    [browser, bundle] = await Promise.all([launchChromium(), buildRunPage()]);
  });
  afterEach(() => page?.close());
  afterAll(() => browser.close());

  const open = async (theme: ThemeName, width = 1280, saved: unknown = null) => {
    page = await browser.newPage({ viewport: { width, height: 1175 } });
    return { page, run: await openRunPage(page, bundle, theme, saved) };
  };

  const shoot = async (name: string): Promise<void> => {
    if (shots === undefined || !page) return;
    await mkdir(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  };

  const settled = () => drawn(page!);

  describe.each(themeNames)('in the %s theme', (theme) => {
    it.each([1280, 600])(
      'shows a run at %i pixels, without errors and accessible to everyone',
      async (width) => {
        const { page, run } = await open(theme, width);
        await run.post(runMessage(madeRun()));
        await run.post({ type: 'context', context: among });
        await page.getByText('Who uses which expert').waitFor();
        await page.getByRole('heading', { name: 'census · mmoe · seed 3' }).waitFor();
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
        expect(run.errors).toEqual([]);
      },
    );
  });

  it('says how a run stands beside single-task, and shows its settings beside those of another run', async () => {
    const { page, run } = await open('light');
    const made = madeRun({ status: 'finished', epochsDone: 20 });
    await run.post(runMessage(made));
    await run.post({ type: 'context', context: among });
    await page.getByText('test +0.0031 against single-task: better (p = 0.010), 5 seeds').waitFor();
    await page.getByText('cannot tell (p = 0.140), 5 seeds; 8 seeds would probably tell').waitFor();
    const settings = page.getByRole('table', { name: 'Settings' });
    await page.getByRole('button', { name: 'Compare with Run…' }).click();
    await expect
      .poll(async () =>
        (await run.posted()).some((one) => one.type === 'action' && one.action === 'compareSettings'),
      )
      .toBe(true);
    await page.getByRole('button', { name: 'Copy as Experiment' }).click();
    await expect
      .poll(async () => (await run.posted()).flatMap((one) => (one.type === 'copy' ? [one.text] : [])))
      .toEqual([`${JSON.stringify(made.manifest.experiment, null, 2)}\n`]);
    const experiment = { ...made.manifest.experiment, engine: { use: 'tensorflow' } };
    const other = { name: 'census · omoe', experiment, experimentFile: made.manifest.experimentFile };
    await run.post({ type: 'context', context: { ...among, other } });
    await settings.getByRole('rowheader', { name: 'engine.use' }).waitFor();
    expect(await settings.locator('tbody tr').count()).toBe(1);
    await settled();
    await shoot('settings-beside');
  });

  const shapes: [string, MadeRunOptions][] = [
    ['mixed', { tasks: mixedTasks, status: 'finished', epochsDone: 20 }],
    ['large', { experts: 64, epochs: 200, epochsDone: 200, stepEvents: 2000 }],
    [
      'sixteen',
      {
        tasks: Array.from({ length: 16 }, (_, task) => ({
          name: `task ${task + 1}`,
          kind: 'binary' as const,
          positive: 0.1,
        })),
        experts: 16,
      },
    ],
    ['fixed', { routes: 'fixed', experts: 2, levels: 2 }],
    ['constants', { routes: 'constants', experts: 1 }],
    [
      'failed',
      {
        status: 'failed',
        epochsDone: 3,
        manifest: {
          notes: 'Learning rate ten times too large.\nTry 0.001.',
          starred: true,
          tags: ['baseline'],
          error: {
            code: 'training.diverged',
            message:
              'The loss of income is no longer a number after step 812. ' +
              'Lower training.learningRate (0.1 now).',
            file: 'census.mmoe.json',
            line: 14,
            column: 5,
          },
        },
      },
    ],
    ['interrupted', { status: 'interrupted' }],
    ['stopped', { status: 'stopped' }],
    [
      'queued',
      {
        status: 'queued',
        manifest: {
          experiment: null,
          data: null,
          tasks: [],
          network: null,
          engine: null,
          parameters: null,
          summary: null,
        },
      },
    ],
  ];
  it.each(shapes)(
    'shows a run that is %s',
    async (name, options) => {
      const { page, run } = await open('dark');
      const made = madeRun(options);
      if (name === 'queued') made.events.length = 0;
      await run.post(runMessage(made));
      await page.getByText(made.manifest.name).first().waitFor();
      await settled();
      await shoot(name);
      expect(run.errors).toEqual([]);
    },
    60_000,
  );

  it('shows the runs in MMOE_RUN', async ({ skip }) => {
    if (trained === undefined) return skip('MMOE_RUN names no run folder to look at');
    for (const folder of trained.split(delimiter)) {
      for (const theme of shots === undefined ? themeNames.slice(0, 1) : themeNames) {
        const { page, run } = await open(theme);
        const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
        const manifest = v.parse(runManifestSchema, JSON.parse(await read('run.json')));
        const lines = (await read('events.jsonl')).trimEnd().split('\n');
        const events = lines.map((line) => v.parse(runEventSchema, JSON.parse(line)));
        await run.post({ type: 'run', from: 0, canTrain: true, manifest, status: manifest.status, events });
        await page.getByText(manifest.name).first().waitFor();
        await settled();
        await shoot(`trained-${manifest.name}-${theme}`);
        expect(run.errors).toEqual([]);
        await page.close();
      }
    }
  });
});
