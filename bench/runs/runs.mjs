/**
 * Measures how long very many runs hold up the extension's process: the longest time for which its event loop
 * did nothing else, at the first look of a window, while it looks for news, when a run changes, and at the
 * first look of the next window.
 */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { root } from '../../scripts/paths.mjs';

const own = fileURLToPath(import.meta.url);

/**
 * Makes `count` runs that have ended, of twenty experiments, unless `folder` has them.
 * @param {string} folder @param {number} count
 */
async function makeRuns(folder, count) {
  const template = JSON.parse(await readFile(join(dirname(own), 'run-template.json'), 'utf8'));
  for (let from = 0; from < count; from += 64) {
    const numbers = Array.from({ length: Math.min(64, count - from) }, (_, index) => from + index);
    await Promise.all(numbers.map((number) => makeRun(folder, number, template)));
  }
}

/** @param {string} folder @param {number} number @param {any} template */
async function makeRun(folder, number, template) {
  const created = new Date(Date.UTC(2026, 0, 1) + number * 60_000);
  const digits = created.toISOString().replaceAll(/[-:]/g, '');
  const id = `${digits.slice(0, 8)}-${digits.slice(9, 15)}-${(number % 46_656).toString(36).padStart(4, '0')}`;
  const experiment = number % 20;
  const run = {
    ...template,
    id,
    name: `experiment ${experiment} mmoe seed ${number}`,
    experimentFile: `experiments/${experiment}.mmoe.json`,
    experiment: {
      ...template.experiment,
      name: `experiment ${experiment}`,
      training: { ...template.experiment.training, seed: number },
    },
    seed: number,
    times: { ...template.times, created: created.toISOString() },
  };
  const path = join(folder, id);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'run.json'), JSON.stringify(run, null, 2));
  await writeFile(join(path, 'events.jsonl'), '');
  for (const name of ['run.json', 'events.jsonl']) await utimes(join(path, name), created, created);
}

/** Bundles what the extension shows runs with, over an editor that does nothing. */
async function bundleHost() {
  const outfile = join(root, '.cache/bench/runs-host.mjs');
  await build({
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'warning',
    stdin: {
      contents: `export { RunCollection } from './src/host/runs/run-collection.ts';
        export { RunsView } from './src/host/runs-view/runs-view.ts';`,
      resolveDir: root,
      loader: 'ts',
    },
    plugins: [
      {
        name: 'editor',
        setup({ onResolve }) {
          onResolve({ filter: /^vscode$/ }, () => ({ path: join(dirname(own), 'editor.mjs') }));
        },
      },
    ],
  });
  return outfile;
}

/** @param {number} count @param {string | undefined} given */
export async function measureRuns(count, given) {
  const workspace = given ?? (await mkdtemp(join(tmpdir(), 'mmoe-runs-')));
  const folder = join(workspace, '.mmoe', 'runs');
  try {
    if (!existsSync(folder)) await makeRuns(folder, count);
    const module = await bundleHost();
    const windows = [];
    for (const name of ['without an index', 'with an index']) {
      if (windows.length === 0) await rm(join(folder, '.index.jsonl'), { force: true });
      windows.push({ name, looks: await measureWindow(module, folder) });
    }
    return windows;
  } finally {
    if (given === undefined) await rm(workspace, { recursive: true, force: true });
  }
}

/** @param {string} module @param {string} folder @returns {Promise<Look[]>} */
function measureWindow(module, folder) {
  const child = fork(join(dirname(own), 'runs-window.mjs'), [module, folder], {
    execArgv: ['--max-old-space-size=6000'],
  });
  return new Promise((resolve, reject) => {
    /** @type {Look[] | null} */
    let looks = null;
    child.on('message', (message) => (looks = /** @type {Look[]} */ (message)));
    child.on('exit', (code) =>
      looks === null ? reject(new Error(`the window has ended with ${code}`)) : resolve(looks),
    );
  });
}

/** @typedef {{ look: string, seconds: number, longest: number, work: number, megabytes: number }} Look */

/** @param {Awaited<ReturnType<typeof measureRuns>>} windows */
export const runsText = (windows) =>
  windows
    .flatMap(({ name, looks }) => [
      `a window ${name}`,
      ...looks.map(
        ({ look, seconds, longest, work, megabytes }) =>
          `  ${look.padEnd(24)} ${seconds.toFixed(1).padStart(7)} s, ` +
          `held up for at most ${longest.toFixed(0)} ms (${work.toFixed(0)} ms of work), ${megabytes.toFixed(0)} MB`,
      ),
    ])
    .join('\n');
