/** Called by bench/runs/runs.mjs in a process of its own: shows the runs of a folder as a window of the editor does. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const [, , module = '', folder = ''] = process.argv;
const { RunCollection, RunsView } = await import(pathToFileURL(module).href);

const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();

/** The processor's time that the loop has taken at most between two turns: on a busy machine it tells more. */
let longestWork = 0;
// Of Node 24 on; of all threads before.
const { threadCpuUsage = process.cpuUsage } = /** @type {{ threadCpuUsage?: () => NodeJS.CpuUsage }} */ (
  process
);
let before = threadCpuUsage();
setInterval(() => {
  const now = threadCpuUsage();
  longestWork = Math.max(longestWork, (now.user + now.system - before.user - before.system) / 1000);
  before = now;
}, 1).unref();

/** @type {import('./runs.mjs').Look[]} */
const looks = [];

/** @param {string} look @param {() => Promise<unknown>} work */
async function measure(look, work) {
  // What was done before counts no longer.
  await sleep(20);
  delays.reset();
  longestWork = 0;
  const [began, used] = [performance.now(), process.cpuUsage()];
  await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(used);
  // The delay counts at the next turn of the loop.
  await sleep(20);
  looks.push({
    look,
    seconds,
    processor: (user + system) / 1e6,
    longest: delays.max / 1e6,
    work: longestWork,
    megabytes: process.memoryUsage().rss / 1e6,
  });
}

const runs = new RunCollection();
const memory = {
  get: (/** @type {string} */ _, /** @type {unknown} */ otherwise) => otherwise,
  update: () => undefined,
};
/** @type {() => void} */
let drawn = () => undefined;

/** What the editor asks for when it draws the tree. */
async function draw() {
  for (const node of await view.getChildren()) {
    view.getTreeItem(node);
    for (const child of await view.getChildren(node)) view.getTreeItem(child);
    // The editor asks for each group by a message of its own.
    await turn();
  }
}

const loading = () => loaded;
let loaded = Promise.resolve();
const view = new RunsView(runs, memory, loading);
view.onDidChangeTreeData(() => drawn());

await measure('first look', async () => {
  loaded = runs.followAll(new Set([folder]));
  await draw();
});
await measure('the tree is listed', async () => {
  await view.arrange({});
  await draw();
});
if (process.argv[4] === 'listing') end();
await measure('quiet, 10 s', () => sleep(10_000));
// The newest: older ones of many are not shown.
const id = (await readdir(folder)).sort().at(-1) ?? '';
await measure('a run is renamed', async () => {
  const path = join(folder, id, 'run.json');
  const run = JSON.parse(await readFile(path, 'utf8'));
  const change = new Promise((resolve) => (drawn = () => resolve(undefined)));
  await writeFile(path, JSON.stringify({ ...run, name: `${run.name} again` }, null, 2));
  await runs.lookAt(join(folder, id));
  await change;
  await draw();
});
await measure('all are looked at', () => runs.refresh());
// The index is written after the look.
await measure('quiet, 10 s', () => sleep(10_000));
end();

function end() {
  process.send?.(looks);
  process.disconnect();
  process.exit(0);
}
