/**
 * Measures how long very many runs hold up the extension's process: the longest time for which its event loop
 * did nothing else, at the first look of a window, while it looks for news, when a run changes, and at the
 * first look of the next window.
 */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { root } from '../../scripts/paths.mjs';
import { makeRuns } from './made-runs.mjs';

const own = fileURLToPath(import.meta.url);

/**
 * Bundles parts of a checkout's extension, over an editor that does nothing. The tests' parts find the project from where
 * the bundle lies.
 * @param {string} name @param {string} checkout @param {string} contents
 */
export async function bundleHost(name, checkout, contents) {
  const outfile = join(root, `.cache/${name}.mjs`);
  await build({
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'warning',
    external: ['esbuild', 'playwright-core', 'chokidar'],
    stdin: { contents, resolveDir: checkout, loader: 'ts' },
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

export const hostOfRuns = `export { RunCollection } from './src/host/runs/run-collection.ts';
  export { RunsView } from './src/host/runs-view/runs-view.ts';`;

/** @param {number} count @param {string | undefined} given */
export async function measureRuns(count, given) {
  const workspace = given ?? (await mkdtemp(join(tmpdir(), 'mmoe-runs-')));
  const folder = join(workspace, '.mmoe', 'runs');
  try {
    if (!existsSync(folder)) await makeRuns(folder, count);
    const module = await bundleHost('runs-host', root, hostOfRuns);
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

/**
 * @param {string} module @param {string} folder @param {'listing' | 'all'} looks which are measured
 * @returns {Promise<Look[]>}
 */
export function measureWindow(module, folder, looks = 'all') {
  const child = fork(join(dirname(own), 'runs-window.mjs'), [module, folder, looks], {
    execArgv: ['--max-old-space-size=6000'],
  });
  return new Promise((resolve, reject) => {
    /** @type {Look[] | null} */
    let taken = null;
    child.on('message', (message) => (taken = /** @type {Look[]} */ (message)));
    child.on('exit', (code) =>
      taken === null ? reject(new Error(`the window has ended with ${code}`)) : resolve(taken),
    );
  });
}

/** @typedef {{ look: string, seconds: number, processor: number, longest: number, work: number, megabytes: number }} Look */

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
