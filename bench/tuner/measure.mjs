/**
 * Lets the tuner, random draws and Optuna's default sampler look for the least value of functions with equal trials:
 * bench/README.md says how to call it, docs/studies.md what came out.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { problems } from './problems.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/**
 * @typedef {import('./problems.mjs').Problem} Problem
 * @typedef {typeof import('../../src/tuner/tuner.js') & typeof import('../../src/tuner/space.js')
 *   & typeof import('../../src/shared/comparison.js') & typeof import('../../src/cli/terminal/table.js')} Modules
 * @param {string} module of the tuner
 * @param {{ python: string | null, table?: string | undefined, repeats: number, only?: string[] | undefined }} options
 *   `python` null: without the peer
 */
export async function measureTuner(module, { python, table, repeats, only }) {
  const { nextPoint, drawPoints, gainOver, formatTable } = /** @type {Modules} */ (await import(module));
  const rows = [];
  for (const problem of await problems(table)) {
    if (only?.includes(problem.name) === false) continue;
    /** @type {Record<string, Map<number, number>>} the least value by seed */
    const found = { tuner: new Map(), random: new Map(), Optuna: new Map() };
    const begun = performance.now();
    let tunerTime = 0;
    for (let seed = 1; seed <= repeats; seed++) {
      const since = performance.now();
      const trials = [];
      while (trials.length < problem.trials) {
        const point = nextPoint({ space: problem.space, trials, pending: [], seed });
        if (point === null) break;
        trials.push({ point, values: [problem.value(point)] });
      }
      tunerTime += performance.now() - since;
      found['tuner']?.set(seed, Math.min(...trials.map(({ values }) => /** @type {number} */ (values[0]))));
      const drawn = drawPoints(problem.space, problem.trials, seed).map(problem.value);
      found['random']?.set(seed, Math.min(...drawn));
      if (python !== null) found['Optuna']?.set(seed, await bestOfPeer(python, problem, seed));
      console.error(
        `${problem.name} ${seed}: ${Object.values(found)
          .map((of) => of.get(seed)?.toPrecision(6))
          .join(' ')}`,
      );
    }
    /** @param {Map<number, number> | undefined} values */
    const mean = (values) => {
      const all = [...(values ?? [])].map(([, value]) => value);
      return all.length === 0 ? '' : (all.reduce((sum, value) => sum + value, 0) / all.length).toPrecision(5);
    };
    /** @param {string} other */
    const against = (other) => {
      // Of a loss less is better, and so it is here.
      const gain = gainOver(/** @type {any} */ (found[other]), /** @type {any} */ (found['tuner']), 'loss');
      if (gain === null) return '';
      const [low, high] = (gain.interval ?? [NaN, NaN]).map((end) => end.toPrecision(2));
      return `${gain.mean.toPrecision(3)} [${low}, ${high}]`;
    };
    rows.push([
      problem.name,
      String(problem.trials),
      ...['tuner', 'random', 'Optuna'].map((name) => mean(found[name])),
      against('random'),
      against('Optuna'),
      (tunerTime / repeats / problem.trials / 1000).toFixed(3),
    ]);
    console.error(`${problem.name}: ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  }
  const header = [
    'function',
    'trials',
    'tuner',
    'random',
    'Optuna',
    'than random',
    'than Optuna',
    's a trial',
  ];
  return [
    ...formatTable(header, rows),
    `mean of the least values of ${repeats} repeats; than: by how much the tuner's is lower, and the ` +
      '95 % interval of that, paired by seed',
  ].join('\n');
}

/** @param {string} python @param {Problem} problem @param {number} seed */
async function bestOfPeer(python, problem, seed) {
  const folder = await mkdtemp(join(tmpdir(), 'mmoe-bench-tuner-'));
  try {
    const space = join(folder, 'space.json');
    await writeFile(space, JSON.stringify(problem.space));
    const args = [join(here, 'optuna_peer.py'), space, String(seed), String(problem.trials)];
    const child = spawn(python, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    let best = Infinity;
    let isNamed = false;
    for await (const line of createInterface({ input: child.stdout })) {
      const heard = JSON.parse(line);
      if (isNamed) {
        const value = problem.value(heard);
        best = Math.min(best, value);
        child.stdin.write(`${value}\n`);
      } else if (seed === 1) console.error(heard.peer);
      isNamed = true;
    }
    if (best === Infinity) throw new Error(`${python} has no Optuna: pip install optuna`);
    return best;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
