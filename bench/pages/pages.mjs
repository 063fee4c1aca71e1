/**
 * Measures how long a run's page takes to open: what the host does until it has sent the run, for how long that
 * holds up its event loop, and what the page does until its curves are drawn; and how long another metric takes.
 * Times are the processor's, by turns with another checkout where one is given: a busy machine tells little else.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deserialize } from 'node:v8';
import { build } from 'esbuild';
import { modules, root } from '../../scripts/paths.mjs';
import { launchChromium } from '../../test/real-host/chromium.mjs';
import { median } from '../report.mjs';
import { makeRun, shapes } from './run-logs.mjs';

/**
 * @typedef {{ host: number, longest: number, p99: number, bytes: number, page: number, metric: number }} Opening
 * @typedef {{ state: string, shape: string, openings: Opening[] }} Measured
 * @import { Browser } from 'playwright-core'
 */

const origin = 'https://page.test';

/** @param {{ rounds: number, old?: string | undefined }} options @returns {Promise<Measured[]>} */
export async function measurePages({ rounds, old }) {
  const folder = await mkdtemp(join(tmpdir(), 'mmoe-pages-'));
  const browser = await launchChromium();
  try {
    const states = [{ state: 'now', checkout: root }, ...(old ? [{ state: 'before', checkout: old }] : [])];
    const built = [];
    for (const { state, checkout } of states)
      built.push({ state, ...(await bundle(checkout, join(folder, `${state}.mjs`))) });
    for (const shape of shapes) await makeRun(join(folder, shape.name), shape);
    /** @type {Measured[]} */
    const measured = built.flatMap(({ state }) =>
      shapes.map(({ name }) => ({ state, shape: name, openings: [] })),
    );
    for (let round = 0; round <= rounds; round++)
      for (const { name } of shapes)
        for (const one of built) {
          const opening = await open(browser, one, join(folder, name));
          // The first round warms up.
          if (round > 0)
            measured
              .find(({ state, shape }) => state === one.state && shape === name)
              ?.openings.push(opening);
        }
    return measured;
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} checkout @param {string} host @returns {Promise<{ host: string, script: string, style: string }>} */
async function bundle(checkout, host) {
  // Older states have it one folder higher.
  const places = ['run-page/run-page-server.ts', 'run-page-server.ts'];
  const server =
    places.map((place) => join(checkout, 'src/host', place)).find((path) => existsSync(path)) ?? '';
  const editor = join(import.meta.dirname, '../runs/editor.mjs');
  await build({
    bundle: true,
    logLevel: 'warning',
    nodePaths: [modules],
    platform: 'node',
    format: 'esm',
    outfile: host,
    entryPoints: [server],
    alias: { vscode: editor },
  });
  const { bundleOptions } = await import(pathToFileURL(join(checkout, 'scripts/build/bundles.mjs')).href);
  const pages = bundleOptions.find((/** @type {{ name: string }} */ { name }) => name === 'pages').options;
  const { outputFiles } = await build({
    ...{ ...pages, nodePaths: [modules], write: false, metafile: false },
    entryPoints: { run: pages.entryPoints.run },
  });
  const text = (/** @type {string} */ name) =>
    outputFiles?.find(({ path }) => path.endsWith(`/${name}`))?.text ?? '';
  return { host, script: text('run.js'), style: text('run.css') };
}

/** @param {Browser} browser @param {{ host: string, script: string, style: string }} bundles @param {string} folder */
async function open(browser, { host, script, style }, folder) {
  const out = join(folder, 'messages');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'open-page.mjs'), host, folder, out],
    { encoding: 'utf8' },
  );
  if (stdout === '') throw new Error(stderr);
  const page = await inBrowser(browser, { script, style }, deserialize(await readFile(out)));
  return { ...JSON.parse(stdout), ...page };
}

/** @param {Browser} browser @param {{ script: string, style: string }} bundles @param {unknown[]} messages */
async function inBrowser(browser, { script, style }, messages) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  const html = `<!DOCTYPE html><html><head><style>${style}</style></head>
    <body class="vscode-dark"><script type="module" src="/run.js"></script></body></html>`;
  await page.route(`${origin}/**`, (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/run.js') return route.fulfill({ body: script, contentType: 'text/javascript' });
    if (path === '/') return route.fulfill({ body: html, contentType: 'text/html' });
    return route.fulfill({ status: 204 });
  });
  await page.addInitScript(() => {
    Object.assign(globalThis, {
      acquireVsCodeApi: () => ({
        postMessage: () => Object.assign(globalThis, { isReady: true }),
        getState: () => null,
        setState: () => undefined,
      }),
    });
  });
  await page.goto(`${origin}/`);
  await page.waitForFunction(() => 'isReady' in globalThis);
  // Arrays of numbers cross to the editor's page as bytes, all else as JSON: that is parsed within the time.
  await page.evaluate((text) => {
    const revive = (/** @type {string} */ _, /** @type {any} */ value) =>
      value?.$bytes === undefined
        ? value
        : new /** @type {any} */ (globalThis)[value.$type](
            Uint8Array.from(atob(value.$bytes), (sign) => sign.charCodeAt(0)).buffer,
          );
    const plain = text.includes('"$bytes"') ? null : text;
    Object.assign(globalThis, { plain, messages: plain === null ? JSON.parse(text, revive) : null });
  }, textOf(messages));
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const taken = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
  };
  const start = await taken();
  await page.evaluate(() => {
    const { plain, messages: given, postMessage } = /** @type {any} */ (globalThis);
    for (const message of plain === null ? given : JSON.parse(plain)) postMessage(message, '*');
  });
  await page.waitForFunction(() => {
    const card = /** @type {any} */ (globalThis).document
      .querySelector('mmoe-run-page')
      ?.shadowRoot?.querySelector('mmoe-curves-card');
    const canvas = card?.shadowRoot?.querySelector('mmoe-curves')?.shadowRoot?.querySelector('canvas');
    return (canvas?.style.width ?? '') !== '';
  });
  const frames = () =>
    page.evaluate(async () => {
      for (let frame = 0; frame < 3; frame++)
        await new Promise((done) => /** @type {any} */ (globalThis).requestAnimationFrame(done));
    });
  await frames();
  const drawn = await taken();
  await page.locator('mmoe-curves-card').getByRole('radio', { name: 'loss', exact: true }).click();
  await frames();
  const other = await taken();
  await page.close();
  return { page: drawn - start, metric: other - drawn };
}

/** @param {unknown} messages */
const textOf = (messages) =>
  JSON.stringify(messages, (_, value) =>
    ArrayBuffer.isView(value)
      ? {
          $type: value.constructor.name,
          $bytes: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64'),
        }
      : value,
  );

/** @param {Measured[]} measured */
export function pagesText(measured) {
  const cells = (/** @type {Measured} */ { state, shape, openings }) => {
    const of = (/** @type {keyof Opening} */ key, digits = 0) =>
      median(openings.map((one) => one[key])).toFixed(digits);
    return [shape, state, of('host'), of('longest', 1), of('p99', 1), of('page'), of('metric'), of('bytes')];
  };
  const rows = [...measured].sort((a, b) => (a.shape < b.shape ? -1 : a.shape > b.shape ? 1 : 0)).map(cells);
  const head = ['run', 'state', 'host ms', 'longest ms', 'loop p99 ms', 'page ms', 'metric ms', 'bytes'];
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (/** @type {string[]} */ row) =>
    row
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ');
  return [head, ...rows].map(line).join('\n');
}
