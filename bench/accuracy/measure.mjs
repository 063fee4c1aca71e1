/**
 * Trains our variants and the Python peers on the same rows of every table, and prints what they reach:
 * bench/README.md says how to call it, docs/accuracy.md what came out.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { root } from '../../scripts/paths.mjs';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const program = join(root, 'dist/cli.js');

/** Our variants: a name, and what they change in an experiment that says nothing of model and training. */
const variants = {
  'defaults 1': [],
  'defaults 2': ['defaults=2'],
  'preset paper': ['defaults=2', 'preset=paper'],
};

/**
 * Measures and returns the table as text. `folder` keeps tables and what peers have reached; ours are trained
 * anew.
 * @param {{ folder: string, python: string, census?: string | undefined, only?: string[] | undefined,
 *   variants?: string[] | undefined, peers: string, seeds: number }} options
 */
export async function measureAccuracy({ folder, python, census, only, peers, seeds, ...options }) {
  const tables = join(folder, 'tables');
  await mkdir(join(tables, '.mmoe'), { recursive: true });
  const sample = join(folder, 'sample');
  if (!existsSync(join(sample, 'films.csv'))) await mmoe(['sample', sample]);
  const from = census === undefined ? [] : ['--census', census];
  await run(python, [join(here, 'tables.py'), tables, '--films', join(sample, 'films.csv'), ...from]);
  const names = (await readdir(tables)).filter((name) => !name.startsWith('.'));
  const wanted = names.filter((name) => only?.includes(name) !== false);
  for (const name of wanted) {
    const experiment = join(tables, name, `${name}.mmoe.json`);
    const rows = await writeRows(experiment);
    if (peers !== '') await trainPeers(python, join(tables, name), { rows, peers, seeds });
    for (const variant of options.variants ?? Object.keys(variants))
      for (let seed = 1; seed <= seeds; seed++) await trainOurs(experiment, rows, variant, seed);
  }
  const places = wanted.map((name) => join(tables, name));
  return (await run(python, [join(here, 'report.py'), ...places], { maxBuffer: 1e8 })).stdout;
}

/** @param {readonly string[]} args @param {string} [cwd] a run's data must lie in the workspace of this */
const mmoe = (args, cwd = process.cwd()) =>
  run(process.execPath, [program, ...args], { maxBuffer: 1e9, cwd });

/** Writes the experiment's rows and what its columns and tasks are. @param {string} experiment */
async function writeRows(experiment) {
  const folder = dirname(experiment);
  const rows = join(folder, 'rows.parquet');
  await mmoe(['data', experiment, '--out', rows]);
  const { columns, data } = JSON.parse((await mmoe(['check', experiment, '--json'])).stdout);
  const named = (/** @type {string} */ kind) =>
    columns
      .filter((/** @type {{ kind: string }} */ column) => column.kind === kind)
      .map((/** @type {{ name: string }} */ { name }) => name);
  const spec = { numeric: named('numeric'), categorical: named('categorical'), tasks: data.tasks };
  await writeFile(join(folder, 'spec.json'), JSON.stringify(spec));
  return rows;
}

/** @param {string} python @param {string} folder @param {{ rows: string, peers: string, seeds: number }} what */
async function trainPeers(python, folder, { rows, peers, seeds }) {
  const place = join(folder, 'peers');
  const args = [join(here, 'peers.py'), rows, join(folder, 'spec.json'), place];
  await run(python, [...args, '--only', peers, '--seeds', String(seeds)], { maxBuffer: 1e8 });
}

/**
 * Trains a variant with one thread and predicts the test rows.
 * @param {string} experiment @param {string} rows @param {string} variant @param {number} seed
 */
async function trainOurs(experiment, rows, variant, seed) {
  const folder = join(dirname(experiment), 'ours');
  await mkdir(folder, { recursive: true });
  const changes = variants[/** @type {keyof typeof variants} */ (variant)];
  if (changes === undefined) throw new Error(`there is no variant "${variant}" of ours`);
  const sets = [...changes, `training.seed=${seed}`, 'engine.threads=1'].flatMap((set) => ['--set', set]);
  const runs = join(folder, 'runs');
  const train = [program, 'train', experiment, ...sets, '--json', '--runs', runs];
  // The shell's own `times` counts the processor time of what it has waited for.
  const script = '"$0" "$@" >"$MANIFEST"; code=$?; times; exit $code';
  const file = join(folder, `${variant}-${seed}`);
  const env = { ...process.env, MANIFEST: `${file}.run.json` };
  const { stdout } = await run('sh', ['-c', script, process.execPath, ...train], { env, maxBuffer: 1e9 });
  const seconds = [...(stdout.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest),
    0,
  );
  const { id, summary } = JSON.parse(await readFile(`${file}.run.json`, 'utf8'));
  const query = `select * from '${rows.replaceAll("'", "''")}' where split = 'test'`;
  await mmoe(['predict', id, '--runs', runs, '--sql', query, '--out', `${file}.csv`], dirname(experiment));
  await writeFile(`${file}.json`, JSON.stringify({ variant, seed, seconds, best: summary.bestEpoch }));
}
