import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { mutatedBytes } from './mutate-bytes.mjs';
import { mutatedExperiment } from './mutate-experiment.mjs';
import { Random } from './random.mjs';
import { watched } from './watched.mjs';

/** @import { Watched } from './watched.mjs' */

/**
 * What mutants are tried with.
 * @typedef {object} Bench
 * @property {string} program
 * @property {Record<string, Buffer>} tables by file name
 * @property {string} run the folder of a trained run
 * @property {string | null} keep where workspaces stay; null: they are removed
 */

/**
 * What came out for one mutant.
 * @typedef {object} Tried
 * @property {number} seed
 * @property {'experiment' | 'table'} kind
 * @property {string} name of the mutated file
 * @property {Watched[]} ended
 * @property {string[]} flaws
 */

/** A file outside of the workspace holds this; nobody may say it. */
const secret = 'canary7391';

/** Nothing may take longer, or more. */
const limits = { seconds: 20, megabytes: 1000 };

/** DuckDB's ways to begin a message. */
const foreignWords =
  /(Binder|Conversion|Invalid Input|Parser|IO|Catalog|Not implemented|Not Implemented|INTERNAL|Out of Range|CSV|Serialization|Out of Memory|Constraint|Permission|HTTP|Invalid|Syntax|Missing Extension|Mismatch Type|Unknown|FATAL) Error:|LINE \d+:|union_by_name|sniff_csv|ignore_errors|duckdb/i;

/** Whether a seed's mutant is an experiment; the others are tables. @param {number} seed */
const isExperiment = (seed) => seed % 2 === 0;

/**
 * Makes the mutant of a seed in a workspace of its own and runs the program on it.
 * @param {number} seed
 * @param {Bench} bench
 * @returns {Promise<Tried>}
 */
export async function tryMutant(seed, bench) {
  const random = new Random(seed);
  const outer = await realpath(await mkdtemp(join(bench.keep ?? tmpdir(), `mmoe-fuzz-${seed}-`)));
  const workspace = join(outer, 'workspace');
  const [name, bytes] = isExperiment(seed)
    ? /** @type {const} */ (['x.mmoe.json', mutatedExperiment(random)])
    : mutatedTable(random, bench.tables);
  try {
    await layOut(outer, workspace, bench.tables);
    await writeFile(join(workspace, name), bytes);
    const commands = isExperiment(seed) ? experimentCommands(random) : tableCommands(random, name, bench.run);
    if (!isExperiment(seed)) await writeFile(join(workspace, 'x.mmoe.json'), plainExperiment(name));
    /** @type {Tried} */
    const tried = {
      seed,
      kind: isExperiment(seed) ? 'experiment' : 'table',
      name,
      ended: [],
      flaws: [],
    };
    const home = { HOME: join(outer, 'home'), TMPDIR: join(outer, 'tmp') };
    for (const [at, args] of commands.entries()) {
      const env = { ...process.env, NO_COLOR: '1', ...home };
      const ended = await watched([bench.program, ...args], { cwd: workspace, env }, limits);
      tried.ended.push(ended);
      tried.flaws.push(...flawsOf(ended, [name, ...args]).map((flaw) => `mmoe ${args.join(' ')}: ${flaw}`));
      const isLast = at === commands.length - 1;
      if (!isLast && (ended.code !== 0 || !isSmall(ended.stdout))) break;
    }
    tried.flaws.push(...(await leftBehind(outer, workspace)));
    return tried;
  } finally {
    if (bench.keep === null) await rm(outer, { recursive: true, force: true });
  }
}

/**
 * @param {string} outer
 * @param {string} workspace
 * @param {Record<string, Buffer>} tables
 */
async function layOut(outer, workspace, tables) {
  for (const folder of ['workspace/.vscode', 'workspace/folder', 'outside', 'home', 'tmp'])
    await mkdir(join(outer, folder), { recursive: true });
  const secretRows = Array.from({ length: 60 }, (_, row) => `${row},${row % 2},${secret}${row % 3}`);
  await writeFile(join(outer, 'outside/secret.csv'), `age,bought,${secret}\n${secretRows.join('\n')}\n`);
  await symlink('../outside/secret.csv', join(workspace, 'link.csv'));
  await writeFile(join(workspace, 'empty.csv'), '');
  for (const [name, bytes] of Object.entries(tables)) await writeFile(join(workspace, name), bytes);
}

/** @param {string} name */
const plainExperiment = (name) =>
  JSON.stringify({
    data: { source: name },
    tasks: [{ label: 'bought' }, { label: 'minutes' }],
    training: { epochs: 1 },
    engine: { threads: 1 },
  });

/**
 * A table's bytes are damaged as they are in the file, or before they are packed.
 * @param {Random} random
 * @param {Record<string, Buffer>} tables
 * @returns {readonly [string, Buffer]}
 */
function mutatedTable(random, tables) {
  const name = random.of(Object.keys(tables));
  const bytes = tables[name] ?? Buffer.alloc(0);
  if (name.endsWith('.gz') && random.happens(0.4))
    return [name, gzipSync(mutatedBytes(random, gunzipSync(bytes)))];
  return [name, mutatedBytes(random, bytes)];
}

/** @param {Random} random */
function experimentCommands(random) {
  const check = ['check', 'x.mmoe.json', '--json'];
  const train = ['train', 'x.mmoe.json', '--set', 'training.epochs=1', '--set', 'engine.threads=1'];
  if (random.happens(0.15)) return [check, train];
  return [random.happens(0.1) ? ['describe', 'x.mmoe.json', '--experiment'] : ['check', 'x.mmoe.json']];
}

/**
 * @param {Random} random
 * @param {string} name
 * @param {string} run
 */
function tableCommands(random, name, run) {
  return [
    random.of([
      ...Array.from({ length: 6 }, () => ['check', 'x.mmoe.json']),
      ['train', 'x.mmoe.json'],
      ['describe', name],
      ['describe', name, '--json'],
      ['new', name, '--label', 'bought', '--out', 'new.mmoe.json'],
      ['predict', run, name, '--out', 'out.csv'],
      ['data', 'x.mmoe.json', '--out', 'out.parquet'],
    ]),
  ];
}

/** Whether a check says that a training takes a moment and little memory. @param {string} stdout */
function isSmall(stdout) {
  /** @type {unknown} */
  const report = JSON.parse(stdout);
  const model = Reflect.get(Object(report), 'model');
  return Number(Reflect.get(Object(model), 'memoryBytes')) < 3e8;
}

/**
 * @param {Watched} ended
 * @param {readonly string[]} names one of which an error names
 */
function flawsOf({ code, signal, stdout, stderr, limit }, names) {
  const flaws = [];
  if (limit !== null) flaws.push(limit === 'time' ? `took over ${limits.seconds} s` : 'took over 1 GB');
  else if (signal !== null) flaws.push(`was ended by ${signal}`);
  else if (code !== 0 && code !== 2) flaws.push(`ended with code ${code}: ${stderr.slice(0, 500)}`);
  const said = `${stdout}\n${stderr}`;
  if (said.includes(secret)) flaws.push('read a file outside of the workspace');
  if (/\n\s+at .*[:)]/.test(said)) flaws.push(`printed a stack: ${said.slice(0, 500)}`);
  if (limit !== null || signal !== null) return flaws;
  const errors = errorsIn(stdout, stderr);
  if (code === 2 && errors.length === 0) flaws.push('ended with code 2 and no error');
  const others = stderr.split('\n').filter((line) => line !== '' && !/^(error|warning): /.test(line));
  if (others.length > 0) flaws.push(`said more than errors: ${others.join(' | ').slice(0, 500)}`);
  for (const error of errors) {
    if (!names.some((name) => error.includes(name)) && !/\(.+\)$/.test(error))
      flaws.push(`names no file: ${error}`);
    if (foreignWords.test(error)) flaws.push(`is not in words of ours: ${error}`);
  }
  return flaws;
}

/**
 * @param {string} stdout
 * @param {string} stderr
 */
function errorsIn(stdout, stderr) {
  if (!stdout.startsWith('{'))
    return `${stdout}\n${stderr}`.split('\n').filter((line) => line.startsWith('error: '));
  /** @type {{ problems?: { severity: string, message: string, file: string | null }[] }} */
  const { problems = [] } = JSON.parse(stdout);
  return problems
    .filter(({ severity }) => severity === 'error')
    .map(({ message, file }) => `${message} (${file})`);
}

/**
 * Lists what a program must not leave: traces of failures, files outside of the workspace, runs that say that
 * they are running.
 * @param {string} outer
 * @param {string} workspace
 */
async function leftBehind(outer, workspace) {
  const flaws = [];
  for (const folder of ['home', 'tmp'])
    for (const name of await readdir(join(outer, folder))) {
      // The private folder for tables that need more than memory stays, with nothing in it.
      const mayStay = folder === 'tmp' && /^mmoe-tables-\d+$/.test(name);
      if (!mayStay || (await readdir(join(outer, folder, name))).length > 0)
        flaws.push(`left ${folder}/${name}`);
    }
  for (const name of await readdir(outer))
    if (!['workspace', 'outside', 'home', 'tmp'].includes(name)) flaws.push(`left ../${name}`);
  const runs = join(workspace, '.mmoe/runs');
  for (const id of await readdir(runs).catch(() => [])) {
    const text = await readFile(join(runs, id, 'run.json'), 'utf8').catch(() => '{}');
    if (/"status": "(running|queued)"/.test(text)) flaws.push(`run ${id} says that it is running`);
  }
  return flaws;
}
