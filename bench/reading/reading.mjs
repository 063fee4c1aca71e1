import { dirname, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { median } from '../report.mjs';

/**
 * @typedef {{ seconds: number, processor: number }} Spent `processor`: seconds of all threads, which other
 *   programs disturb less
 */

/**
 * Reading and encoding an experiment's data, against DuckDB's own scan of the same files into tables, types
 * detected: by turns in one process, both with the threads that DuckDB takes by itself. Files of text (CSV and
 * JSON lines, also as gzip).
 * @param {string} experimentFile @param {string} bundle @param {number} rounds
 */
export async function measureReading(experimentFile, bundle, rounds) {
  const { loadExperiment, workspaceOf, prepareData } = await import(bundle);
  const file = resolve(experimentFile);
  const experiment = await loadExperiment(file, []);
  const options = { folder: dirname(file), workspace: await workspaceOf(file) };
  const files = filesOf(experiment.data).map((path) => resolve(options.folder, path));
  /** @type {Spent[]} */
  const scans = [];
  /** @type {Spent[]} */
  const ours = [];
  let rows = 0;
  // The first round warms up.
  for (let round = -1; round < rounds; round++) {
    const scan = await timed(() => scanAll(files));
    const own = await timed(async () => {
      const { train, validation, test } = await prepareData(experiment, options);
      rows = [train, validation, test].reduce((sum, part) => sum + (part?.rows ?? 0), 0);
    });
    if (round < 0) continue;
    scans.push(scan);
    ours.push(own);
  }
  return { files, rows, scans, ours };
}

/** @param {Awaited<ReturnType<typeof measureReading>>} measured */
export function readingText({ files, rows, scans, ours }) {
  const shown = (/** @type {Spent[]} */ all) =>
    /** @type {const} */ (['seconds', 'processor'])
      .map((what) => `${(1000 * median(all.map((one) => one[what]))).toFixed(0)} ms`.padStart(12))
      .join('');
  const ratio = (/** @type {keyof Spent} */ what) =>
    median(ours.map((own, round) => own[what] / (scans[round]?.[what] ?? NaN))).toFixed(2);
  return [
    `${rows} rows of ${files.join(', ')}`,
    `${''.padEnd(34)}${'time'.padStart(12)}${'processor'.padStart(12)}`,
    `DuckDB's own scan of the files    ${shown(scans)}`,
    `read, split and encoded           ${shown(ours)}`,
    `median of ratios within a round   ${ratio('seconds').padStart(12)}${ratio('processor').padStart(12)}`,
  ].join('\n');
}

/** @param {Record<string, unknown>} data An experiment's. */
function filesOf(data) {
  const sources = [
    data['source'],
    ...[data['validation'], data['test']].map((split) => Object(split)['source']),
  ];
  return sources.flat().filter((source) => typeof source === 'string');
}

/** @param {readonly string[]} files */
async function scanAll(files) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const [i, file] of files.entries()) {
    const reader = /\.(json|jsonl|ndjson)(\.gz)?$/i.test(file) ? 'read_json' : 'read_csv';
    await connection.run(`create table t${i} as select * from ${reader}('${file.replaceAll("'", "''")}')`);
  }
  connection.closeSync();
  instance.closeSync();
}

/** @param {() => Promise<void>} work @returns {Promise<Spent>} */
async function timed(work) {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - start) / 1000, processor: (user + system) / 1e6 };
}
