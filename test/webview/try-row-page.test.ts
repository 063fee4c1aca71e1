import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostToTryRowPage, TryRowPageToHost } from '../../src/shared/messages/try-row-protocol.js';
import type { RowAnswer, RowRequest, RowValues } from '../../src/shared/prediction/row-messages.js';
import { launchChromium } from '../real-host/chromium.mjs';
import { missingForRealHost } from '../real-host/prerequisites.mjs';
import { madeRun } from './made-run.fixture.js';
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

const { manifest } = madeRun();
const network = manifest.network!;
const columns = Array.from({ length: 12 }, (_, at) =>
  at % 3 === 2
    ? { kind: 'categorical', name: `kind ${at}`, type: 'VARCHAR', values: ['a', 'b', 'c'], count: 3 }
    : { kind: 'numeric', name: `number ${at}`, type: at === 0 ? 'BIGINT' : 'DOUBLE', low: 0, high: 100 },
) as Extract<RowAnswer, { is: 'ready' }>['columns'];
const valuesOf = (number: string): RowValues =>
  Object.fromEntries(columns.map(({ name, kind }) => [name, kind === 'numeric' ? number : 'b']));

/** What a model answers whose binary probability is a hundredth of the first number. */
function answer({ id, values }: Extract<RowRequest, { ask: 'predict' }>): RowAnswer {
  const text = values['number 0'] ?? '';
  const number = Number(text);
  const isBad = Number.isNaN(number);
  const share = Math.max(0, Math.min(1, number / 100));
  return {
    ...{ is: 'prediction', id },
    tasks: isBad
      ? null
      : manifest.tasks.map(({ name, kind, classes = [] }) => ({
          ...{ task: name, kind },
          values:
            kind === 'multiclass'
              ? classes.map((of, at) => ({
                  of,
                  value: at === 0 ? share : (1 - share) / (classes.length - 1),
                  sd: null,
                }))
              : [{ of: kind === 'binary' ? '1' : null, value: share, sd: 0.01 }],
        })),
    routes: isBad
      ? []
      : network.levels.map(({ streams, experts }) =>
          streams.map(() =>
            Array.from({ length: experts }, (_, at) => (at === 0 ? share : (1 - share) / (experts - 1))),
          ),
        ),
    remarks: [
      ...(isBad ? [{ column: 'number 0', is: 'invalid' as const }] : []),
      ...(number > 100 ? [{ column: 'number 0', is: 'outside' as const }] : []),
      ...(values['kind 2'] === 'z' ? [{ column: 'kind 2', is: 'unseen' as const }] : []),
    ],
  };
}

describe.skipIf(missingForRealHost({ browser: true }) !== null)('the page of a row in a browser', () => {
  let browser: Browser;
  let bundle: Bundle;
  let page: Page;
  let shown: PageInBrowser<HostToTryRowPage, TryRowPageToHost>;
  let answered = 0;

  beforeAll(async () => {
    [browser, bundle] = await Promise.all([launchChromium(), buildPage('try-row')]);
  });
  afterEach(async () => {
    expect(shown.errors).toEqual([]);
    await page.close();
  });
  afterAll(() => browser.close());

  const requests = async (): Promise<RowRequest[]> =>
    (await shown.posted()).flatMap((one) => (one.type === 'ask' ? [one.request] : []));
  /** Answers what the page has asked since, until it asks no more for what is true. */
  const answerUntil = async (isDone: () => Promise<boolean>): Promise<void> => {
    await expect
      .poll(async () => {
        const all = await requests();
        for (const request of all.slice(answered))
          await shown.post({
            type: 'answer',
            answer:
              request.ask === 'predict'
                ? answer(request)
                : {
                    ...{ is: 'row', id: request.id, row: request.row ?? 41 },
                    ...{
                      values: valuesOf(String(10 + (request.row ?? 41))),
                      labels: { [manifest.tasks[0]!.name]: '1' },
                    },
                  },
          });
        answered = all.length;
        return isDone();
      })
      .toBe(true);
  };
  const firstTask = () => page.getByRole('region', { name: manifest.tasks[0]!.name, exact: true });
  const field = (name: string) => page.getByLabel(new RegExp(`^${name} `));
  // Without waiting for the task: it is there once the page has asked, and been answered.
  const says = (text: string) => async (): Promise<boolean> =>
    (await firstTask().allInnerTexts()).some((own) => own.includes(text));

  const open = async ({ theme = 'dark', width = 1280 }: { theme?: ThemeName; width?: number } = {}) => {
    page = await browser.newPage({ viewport: { width, height: 1000 } });
    answered = 0;
    shown = await openPage(page, bundle, theme, null);
    await shown.post({
      type: 'run',
      run: {
        folder: '/films/.mmoe/runs/r1',
        name: 'mmoe · seed 1',
        tasks: manifest.tasks,
        network,
        epoch: 3,
        members: 2,
      },
    });
    await shown.post({ type: 'answer', answer: { is: 'ready', columns, values: valuesOf('50') } });
    await shown.post({ type: 'answer', answer: { is: 'rows', rows: 1000, why: null } });
    await field('number 0').waitFor();
    await answerUntil(says('0.1000'));
  };

  describe.each(themeNames)('in the %s theme', (theme) => {
    it.each([1280, 600])('shows a row at %i pixels, accessible to everyone', async (width) => {
      await open({ theme, width });
      await field('number 0').fill('120');
      await field('kind 2').fill('z');
      await answerUntil(says('as filled in'));
      await field('number 1').fill('x');
      await page.getByRole('button', { name: 'Next' }).hover();
      await drawn(page);
      if (shots !== undefined) {
        await mkdir(shots, { recursive: true });
        await page.screenshot({ path: join(shots, `try-row-${theme}-${width}.png`), fullPage: true });
      }
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

  it('is filled from the first row, and its predictions follow what is typed, one request at a time', async () => {
    await open();
    expect(await firstTask().innerText()).toContain('label of this row: 1');
    const before = (await requests()).length;
    await field('number 0').fill('');
    await field('number 0').pressSequentially('73');
    await expect.poll(async () => (await requests()).length).toBeGreaterThan(before);
    // Nothing is answered: whatever is typed meanwhile, no further question is asked.
    await field('number 0').pressSequentially('.5');
    await drawn(page);
    expect((await requests()).length).toBe(before + 1);
    await answerUntil(says('0.7350'));
    expect(await firstTask().innerText()).toContain('as filled in: 0.1000');
    expect(await firstTask().innerText()).not.toContain('label of this row');
    await page.getByRole('button', { name: 'Reset' }).click();
    await answerUntil(says('0.1000'));
  });

  it('goes through rows and numbers by keys alone', async () => {
    await open();
    await field('number 0').focus();
    await page.keyboard.press('PageDown');
    await answerUntil(says('0.1100'));
    await page.keyboard.press('ArrowUp');
    await answerUntil(says('0.1200'));
    await page.keyboard.press('Shift+ArrowUp');
    await answerUntil(says('0.2200'));
    const row = page.getByLabel('Row', { exact: true });
    await row.fill('31');
    await row.press('Enter');
    await answerUntil(says('0.4000'));
    await page.getByRole('button', { name: 'Random' }).focus();
    await page.keyboard.press('Enter');
    await answerUntil(says('0.5100'));
    expect(await row.inputValue()).toBe('42');
    await page.getByRole('button', { name: 'Copy as JSON' }).focus();
    await page.keyboard.press('Enter');
    const copied = (await shown.posted()).findLast((one) => one.type === 'copy');
    expect(JSON.parse(copied?.type === 'copy' ? copied.text : '')).toEqual(valuesOf('51'));
  });

  it('says what the encoder makes of a value, and predicts nothing of one that is none', async () => {
    await open();
    await field('kind 2').fill('z');
    await answerUntil(() => page.getByText('not learned: like no other value').isVisible());
    const number = field('number 0');
    await number.fill('x');
    await answerUntil(() => page.getByText('no number: nothing is predicted').isVisible());
    expect(await number.getAttribute('aria-invalid')).toBe('true');
    expect(await firstTask().innerText()).toContain('0.1000');
    await number.fill('300');
    await answerUntil(() => page.getByText('outside 0 … 100, where it was trained').isVisible());
  });

  it('says why the program has ended, and starts it again', async () => {
    await open();
    await shown.post({ type: 'ended', why: 'out of memory' });
    await page.getByRole('alert').getByText('out of memory').waitFor();
    await page.getByRole('button', { name: 'Start Again' }).click();
    await expect.poll(() => shown.posted()).toContainEqual({ type: 'restart' });
    await shown.post({ type: 'answer', answer: { is: 'ready', columns, values: valuesOf('50') } });
    await answerUntil(says('0.1000'));
  });
});
