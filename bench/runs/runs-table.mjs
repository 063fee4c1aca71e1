/**
 * Measures the table of runs and the tree with many of them: how long the table takes from the moment that it is asked
 * for until its first lines are drawn in a browser, how long a script holds a frame up while it is scrolled, and how
 * long the tree takes to list the runs that it knows, beside another checkout's tree where one is named.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../scripts/paths.mjs';
import { launchChromium } from '../../test/real-host/chromium.mjs';
import { median } from '../report.mjs';
import { makeRuns } from './made-runs.mjs';
import { bundleHost, hostOfRuns, measureWindow } from './runs.mjs';

const parts = `${hostOfRuns}
  export { RunsTableServer } from './src/host/runs-table/runs-table-server.ts';
  export { buildPage, drawn, openPage } from './test/webview/page-in-browser.fixture.ts';`;
/** What the tree is made of in checkouts from before its folders. */
const olderTree = `export { RunCollection } from './src/host/run-collection.ts';
  export { RunsView } from './src/host/runs-view.ts';`;

/**
 * @param {number} count
 * @param {{ workspace?: string | undefined, old?: string | undefined, rounds: number }} options
 */
export async function measureRunsTable(count, { workspace: given, old, rounds }) {
  const workspace = given ?? (await mkdtemp(join(tmpdir(), 'mmoe-runs-')));
  const folder = join(workspace, '.mmoe', 'runs');
  try {
    if ((await readdir(folder).catch(() => [])).length < count) await makeRuns(folder, count);
    const own = await bundleHost('runs-table-host', root, parts);
    const trees = [{ name: 'this', module: await bundleHost('runs-host', root, hostOfRuns) }];
    if (old !== undefined)
      trees.push({ name: old, module: await bundleHost('runs-host-old', resolve(old), olderTree) });
    /** @type {Map<string, import('./runs.mjs').Look[][]>} */
    const listed = new Map();
    /** @type {{ seconds: number, whole: number, host: number, page: number, longest: number, scrolling: number, frames: number }[]} */
    const opened = [];
    // The index of runs is there for all of them.
    await measureWindow(trees[0]?.module ?? '', folder, 'listing');
    for (let round = 0; round < rounds; round++) {
      for (const { name, module } of trees)
        listed.set(name, [...(listed.get(name) ?? []), await measureWindow(module, folder, 'listing')]);
      opened.push(await measureOpening(own, folder));
    }
    return { count, listed, opened };
  } finally {
    if (given === undefined) await rm(workspace, { recursive: true, force: true });
  }
}

/** @param {string} module @param {string} folder */
async function measureOpening(module, folder) {
  const { RunCollection, RunsTableServer, buildPage, openPage, drawn } = await import(
    pathToFileURL(module).href
  );
  const runs = new RunCollection();
  await runs.followAll(new Set([folder]));
  const bundle = await buildPage('runs');
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const began = performance.now();
    const table = await openPage(page, bundle, 'dark', null);
    const used = process.cpuUsage();
    let host = 0;
    const server = new RunsTableServer(
      {
        post: async (/** @type {unknown} */ message) => {
          const { user, system } = process.cpuUsage(used);
          host = (user + system) / 1e6;
          await table.post(message);
          return true;
        },
        isVisible: () => true,
      },
      {
        runs: () => runs.runs,
        paths: () => runs.names.telling,
        nameOf: (/** @type {object} */ run) => runs.names.full(run),
        kept: () => null,
        log: () => undefined,
        request: () => undefined,
      },
    );
    server.receive({ type: 'ready', query: '' });
    await page.locator('.lines .run').first().waitFor();
    const seconds = (performance.now() - began) / 1000;
    await server.idle();
    await drawn(page);
    const whole = (performance.now() - began) / 1000;
    const { metrics } = await session.send('Performance.getMetrics');
    const inPage = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
    const scripts = await scrolled(page);
    server.dispose();
    return { seconds, whole, host, page: inPage, ...scripts };
  } finally {
    await browser.close();
    runs.dispose();
  }
}

/** Tasks of the page's thread that run script. */
const scriptTasks = new Set([
  'FunctionCall',
  'EventDispatch',
  'FireAnimationFrame',
  'RunMicrotasks',
  'TimerFire',
]);

/**
 * Scrolls through the table by the wheel and to its ends, and returns the longest script task of the page in
 * milliseconds, by the clock and by the processor, and how many frames were drawn.
 * @param {import('playwright-core').Page} page
 */
async function scrolled(page) {
  const session = await page.context().newCDPSession(page);
  /** @type {{ name: string, dur?: number, tdur?: number }[]} */
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) =>
    events.push(.../** @type {typeof events} */ (/** @type {unknown} */ (value))),
  );
  const done = new Promise((ended) => session.once('Tracing.tracingComplete', ended));
  await session.send('Tracing.start', {
    traceConfig: { includedCategories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] },
  });
  await page.mouse.move(500, 500);
  for (let turn = 0; turn < 300; turn++) {
    await page.mouse.wheel(0, turn % 50 === 49 ? 20_000 : 240);
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(drawn))');
  }
  await page.getByRole('treegrid').focus();
  for (const key of ['End', 'Home', 'PageDown', 'PageDown', 'End']) await page.keyboard.press(key);
  await session.send('Tracing.end');
  await done;
  const scripts = events.filter(({ name }) => scriptTasks.has(name));
  const longest = (/** @type {'dur' | 'tdur'} */ of) =>
    scripts.reduce((most, event) => Math.max(most, (event[of] ?? 0) / 1000), 0);
  return {
    longest: longest('dur'),
    scrolling: longest('tdur'),
    frames: events.filter(({ name }) => name === 'DrawFrame' || name === 'FireAnimationFrame').length,
  };
}

const milliseconds = (/** @type {number | undefined} */ seconds = NaN) => (1000 * seconds).toFixed(0);

/** @param {Awaited<ReturnType<typeof measureRunsTable>>} measured */
export function runsTableText({ count, listed, opened }) {
  const over = (/** @type {(one: typeof opened[number]) => number} */ of) =>
    median(opened.map(of)).toFixed(2);
  return [
    `${count} runs`,
    ...[...listed].flatMap(([name, windows]) =>
      (windows[0] ?? []).map(({ look }, at) => {
        const its = windows.flatMap((looks) => looks[at] ?? []);
        const [seconds, processor, work] = /** @type {const} */ (['seconds', 'processor', 'work']).map((of) =>
          median(its.map((one) => one[of])),
        );
        return (
          `  tree of ${name}, ${look}: ${milliseconds(seconds)} ms, ${milliseconds(processor)} ms of the processor, ` +
          `held up for ${work?.toFixed(0)} ms of work`
        );
      }),
    ),
    `  table: first lines after ${over(({ seconds }) => seconds)} s, all of it after ${over(({ whole }) => whole)} s, of ` +
      `the processor ${over(({ host }) => host)} s in the host and ${over((one) => one.page)} s in the page`,
    `  scrolling: longest script task ${over(({ longest }) => longest)} ms, ${over(({ scrolling }) => scrolling)} ms of the processor`,
  ].join('\n');
}
