import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { bundleOptions } from '../../scripts/build/bundles.mjs';
import { pageHtml } from '../../src/host/pages/page-html.js';
import type { PageName } from '../../src/host/pages/prepare-page.js';
import type { ComparePageToHost, HostToComparePage } from '../../src/shared/messages/compare-protocol.js';
import type { HostToRunPage, RunPageToHost } from '../../src/shared/messages/run-protocol.js';
import type { HostToStudyPage, StudyPageToHost } from '../../src/shared/messages/study-protocol.js';
import { minutes, patience } from '../patience.mjs';
import themes from './themes.json' with { type: 'json' };

export type ThemeName = keyof typeof themes;
export const themeNames = Object.keys(themes) as ThemeName[];

export interface Bundle {
  readonly script: string;
  readonly style: string;
}

const origin = 'https://page.test';
const nonce = '0123456789abcdef';

/** A page as the extension ships it. */
export async function buildPage(page: PageName): Promise<Bundle> {
  const options = bundleOptions.find(({ name }) => name === 'pages')!.options;
  const { outputFiles } = await build({ ...options, write: false, metafile: false });
  const text = (name: string): string => outputFiles.find(({ path }) => path.endsWith(`/${name}`))!.text;
  return { script: text(`${page}.js`), style: text(`${page}.css`) };
}

export const buildRunPage = (): Promise<Bundle> => buildPage('run');

export interface PageInBrowser<ToPage, ToHost> {
  /** Posts a message to the page as the host does. */
  post(message: ToPage): Promise<void>;
  /** Returns what the page has posted so far. */
  posted(): Promise<ToHost[]>;
  /** The state that it would be given after a reload. */
  kept(): Promise<unknown>;
  setTheme(name: ThemeName): Promise<void>;
  /** Errors on the console, policy violations among them. */
  readonly errors: string[];
}

export type RunPageInBrowser = PageInBrowser<HostToRunPage, RunPageToHost>;
export type ComparePageInBrowser = PageInBrowser<HostToComparePage, ComparePageToHost>;

export const openRunPage = (
  page: Page,
  bundle: Bundle,
  theme: ThemeName,
  saved: unknown = null,
): Promise<RunPageInBrowser> => openPage(page, bundle, theme, saved);
export const openComparePage = (
  page: Page,
  bundle: Bundle,
  theme: ThemeName,
  saved: unknown = null,
): Promise<ComparePageInBrowser> => openPage(page, bundle, theme, saved);

export type StudyPageInBrowser = PageInBrowser<HostToStudyPage, StudyPageToHost>;
export const openStudyPage = (
  page: Page,
  bundle: Bundle,
  theme: ThemeName,
  saved: unknown = null,
): Promise<StudyPageInBrowser> => openPage(page, bundle, theme, saved);

/** Opens a page under the host's own content security policy, in the colours of a VS Code theme. */
export async function openPage<ToPage, ToHost>(
  page: Page,
  bundle: Bundle,
  theme: ThemeName,
  saved: unknown,
): Promise<PageInBrowser<ToPage, ToHost>> {
  page.setDefaultTimeout(minutes(patience.wait));
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  const html = pageHtml({
    nonce,
    cspSource: origin,
    script: `${origin}/run.js`,
    style: `${origin}/run.css`,
    language: 'en',
  });
  await page.route(`${origin}/**`, async (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/run.js') await route.fulfill({ body: bundle.script, contentType: 'text/javascript' });
    else if (path === '/run.css') await route.fulfill({ body: bundle.style, contentType: 'text/css' });
    else if (path === '/') await route.fulfill({ body: html, contentType: 'text/html' });
    else await route.fulfill({ status: 204 });
  });
  await page.addInitScript(
    ([state, { classes, vars }]) => {
      const messages: unknown[] = [];
      let kept = state;
      Object.assign(window, {
        messages,
        kept: () => kept,
        acquireVsCodeApi: () => ({
          postMessage: (message: unknown) => messages.push(message),
          getState: () => kept,
          setState: (next: unknown) => (kept = next),
        }),
        applyTheme: (names: string, variables: Record<string, string>) => {
          for (const name of [...document.documentElement.style])
            if (name.startsWith('--vscode')) document.documentElement.style.removeProperty(name);
          for (const [name, value] of Object.entries(variables))
            document.documentElement.style.setProperty(name, value);
          document.body.className = names;
        },
      });
      document.addEventListener('readystatechange', () => {
        if (document.readyState === 'interactive')
          (window as never as { applyTheme: (n: string, v: object) => void }).applyTheme(classes, vars);
      });
    },
    [saved, themes[theme]] as const,
  );
  await page.goto(`${origin}/`);
  return {
    errors,
    // Text crosses to the browser a hundred times faster than an object.
    post: (message) =>
      page.evaluate((text) => window.postMessage(JSON.parse(text), '*'), JSON.stringify(message)),
    // Types do not cross to the browser: the page's own say what it posts.
    posted: async () =>
      (await page.evaluate(() => (window as never as { messages: unknown[] }).messages)) as ToHost[],
    kept: () => page.evaluate(() => (window as never as { kept(): unknown }).kept()),
    setTheme: async (name) => {
      await page.evaluate(
        ({ classes, vars }) =>
          (window as never as { applyTheme: (n: string, v: object) => void }).applyTheme(classes, vars),
        themes[name],
      );
    },
  };
}

/**
 * Waits until the page has drawn so many frames that what follows from a change, like a chart that takes its
 * room anew, has followed. Frames and not milliseconds: a busy machine draws few.
 */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(async (frames) => {
    for (let frame = 0; frame < frames; frame++) await new Promise((done) => requestAnimationFrame(done));
  }, 20);
}

/** The accessibility checker's text, to be run inside the page. */
export const axeScript = (): Promise<string> =>
  readFile(join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8');
