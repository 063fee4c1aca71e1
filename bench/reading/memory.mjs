import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dist } from '../../scripts/paths.mjs';
import { median } from '../report.mjs';

/**
 * @typedef {{ all: number, own: number }} Resident Peaks in bytes; `own`: without what is mapped from files
 *   (programs, libraries)
 */
/** @typedef {{ reading: Resident, training: Resident }} Peaks */

const phases = /** @type {const} */ (['reading', 'training']);
const pollMilliseconds = 5;

/**
 * Peak memory of `mmoe train`, a process of its own, looked at from outside: until its run folder appears it
 * reads, then it trains. The base is the same of a table of a few rows. Linux only (/proc).
 * @param {string} experimentFile @param {string} bundle @param {{ rounds: number, set: readonly string[] }}
 *   options
 */
export async function measureMemory(experimentFile, bundle, { rounds, set }) {
  const file = resolve(experimentFile);
  const folder = await mkdtemp(join(tmpdir(), 'mmoe-memory-'));
  try {
    /** @type {Peaks[]} */
    const base = [];
    /** @type {Peaks[]} */
    const full = [];
    const tiny = await writeTiny(folder);
    for (let round = 0; round < rounds; round++) {
      base.push(await peaksOf(tiny, join(folder, `base ${round}`), []));
      full.push(await peaksOf(file, join(folder, `full ${round}`), set));
    }
    return { base, full, needed: await neededBytes(file, bundle, set) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {Awaited<ReturnType<typeof measureMemory>>} measured */
export function memoryText({ base, full, needed }) {
  const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(1)} MB`.padStart(11);
  const total = needed.data + needed.parameters + needed.activations;
  const lines = [
    `${needed.rows} rows as encoded ${megabytes(needed.data)}, ` +
      `${needed.count} parameters with gradient and moments ${megabytes(needed.parameters)},`,
    `activations of a batch of ${needed.batch} and their gradients ${megabytes(needed.activations)}; ` +
      `together ${megabytes(total)}`,
    `${''.padEnd(44)}${['whole run', ...phases].map((title) => title.padStart(11)).join('')}`,
  ];
  for (const [what, title] of /** @type {const} */ ([
    ['all', 'resident'],
    ['own', 'without mapped files'],
  ])) {
    const peaks = (/** @type {Peaks[]} */ all) => [
      median(all.map((one) => Math.max(...phases.map((phase) => one[phase][what])))),
      ...phases.map((phase) => median(all.map((one) => one[phase][what]))),
    ];
    const ofBase = peaks(base);
    const ofFull = peaks(full);
    const over = ofFull.map((bytes, i) => bytes - (ofBase[i] ?? NaN));
    const row = (/** @type {string} */ name, /** @type {string[]} */ shown) =>
      `${`${title}: ${name}`.padEnd(44)}${shown.join('')}`;
    lines.push(
      row('base', ofBase.map(megabytes)),
      row('peak', ofFull.map(megabytes)),
      row(
        'peak over base, of what is needed',
        over.map((bytes) => (bytes / total).toFixed(2).padStart(11)),
      ),
    );
  }
  return lines.join('\n');
}

/**
 * A training that needs next to nothing, long enough for V8 to compile what is hot: what the program takes by
 * itself. @param {string} folder
 */
async function writeTiny(folder) {
  const rows = Array.from({ length: 64 }, (_, row) => `${row % 7},t${row % 3},${row % 2}`);
  await writeFile(join(folder, 'tiny.csv'), `x,text,y\n${rows.join('\n')}\n`);
  const file = join(folder, 'tiny.mmoe.json');
  await writeFile(
    file,
    JSON.stringify({ data: { source: 'tiny.csv' }, tasks: [{ label: 'y' }], training: { epochs: 300 } }),
  );
  return file;
}

/** @param {string} file @param {string} runs @param {readonly string[]} set @returns {Promise<Peaks>} */
async function peaksOf(file, runs, set) {
  const settings = set.flatMap((one) => ['--set', one]);
  const child = spawn(process.execPath, [join(dist, 'cli.js'), 'train', file, '--runs', runs, ...settings], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += String(text)));
  /** @type {number | null} */
  let code = null;
  const ended = new Promise((done) => child.on('close', done)).then((status) => (code = Number(status)));
  const process_ = `/proc/${child.pid}`;
  const peaks = { reading: { all: 0, own: 0 }, training: { all: 0, own: 0 } };
  let phase = /** @type {'reading' | 'training'} */ ('reading');
  while (code === null) {
    if (phase === 'reading' && hasRun(runs)) {
      phase = 'training';
      // The highest mark begins anew.
      writeFileSync(`${process_}/clear_refs`, '5');
    }
    const now = residentOf(process_);
    if (now !== null)
      for (const what of /** @type {const} */ (['all', 'own']))
        peaks[phase][what] = Math.max(peaks[phase][what], now[what]);
    await Promise.race([sleep(pollMilliseconds), ended]);
  }
  if (code !== 0) throw new Error(`mmoe train ended with ${code}: ${complaint}`);
  return peaks;
}

/** @param {string} runs */
function hasRun(runs) {
  try {
    return readdirSync(runs).length > 0;
  } catch {
    return false;
  }
}

/** Null: the process is gone. @param {string} path @returns {Resident | null} */
export function residentOf(path) {
  try {
    const status = readFileSync(`${path}/status`, 'utf8');
    const kilobytes = (/** @type {string} */ name) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
    if (kilobytes('VmRSS') === 0) return null;
    return { all: 1024 * kilobytes('VmHWM'), own: 1024 * kilobytes('RssAnon') };
  } catch {
    return null;
  }
}

/**
 * Returns the bytes that training cannot do without: the rows as encoded; weights, gradient and two moments;
 * a batch's activations and the gradients by them.
 * @param {string} file @param {string} bundle @param {readonly string[]} set
 */
async function neededBytes(file, bundle, set) {
  const { loadExperiment, workspaceOf, prepareData, buildNetwork, countParameters, estimateMemory } =
    await import(bundle);
  const experiment = await loadExperiment(file, set);
  const data = await prepareData(experiment, { folder: dirname(file), workspace: await workspaceOf(file) });
  const network = buildNetwork(experiment.model, data.input, data.tasks);
  const parts = [data.train, data.validation, data.test].filter((part) => part !== null);
  const arrays = parts.flatMap(({ numeric, categorical, labels, weights }) => [
    numeric,
    categorical,
    labels,
    weights,
  ]);
  const batch = Math.min(experiment.training.batchSize, data.train.rows);
  const { total } = countParameters(network);
  const estimate = (/** @type {number} */ size) =>
    estimateMemory(network, { batchSize: size, rows: size, threads: 1 });
  // The estimate has the rows twice.
  const rowBytes = 2 * 4 * (data.input.numeric + data.input.fields.length + data.tasks.length + 1);
  return {
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
    data: arrays.reduce((sum, array) => sum + (array?.byteLength ?? 0), 0),
    count: total,
    parameters: 4 * 4 * total,
    batch,
    activations: estimate(batch) - estimate(0) - batch * rowBytes,
  };
}
