/**
 * Measures rows that are read from the disk while they train beside the same rows in memory: time to encode, beside
 * what DuckDB needs to read the same table and group it by each id; time to start from the file that is kept; rows per
 * second; and the largest memory.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DuckDBInstance } from '@duckdb/node-api';
import { root } from '../../scripts/paths.mjs';
import { median } from '../report.mjs';

const program = join(root, 'dist/cli.js');
const ids = /** @type {const} */ ({ user_id: 1_000_000, item_id: 100_000, segment_id: 1000 });

/** @param {number} rows */
const drawn = (rows) => {
  /** @param {number} salt */
  const uniform = (salt) => `((hash(i * ${2 * salt + 1} + ${salt}) % 1000003) / 1000003.0)`;
  const categories = Object.entries(ids).map(
    ([name, size], salt) => `'${name[0]}' || floor(${size} * pow(${uniform(salt)}, 1.5))::bigint as ${name}`,
  );
  const numbers = [1, 2, 3, 4, 5].map((number) => `${uniform(10 + number)}::float as x${number}`);
  return `select ${categories.join(', ')}, ${numbers.join(', ')},
      (${uniform(20)} < 0.1 + 0.3 * ${uniform(11)})::integer as click,
      (${uniform(21)} < 0.05 + 0.2 * ${uniform(12)})::integer as "like"
    from range(${rows}) as drawn(i)`;
};

/** @param {string} folder @param {string[]} statements @returns seconds */
async function inDuckDb(folder, statements) {
  const file = join(folder, 'bench.duckdb');
  const instance = await DuckDBInstance.create(file, {
    memory_limit: '800MB',
    temp_directory: `${file}.tmp`,
  });
  const connection = await instance.connect();
  const began = performance.now();
  try {
    for (const statement of statements) await connection.run(statement);
    return (performance.now() - began) / 1000;
  } finally {
    connection.closeSync();
    instance.closeSync();
    for (const path of [file, `${file}.wal`, `${file}.tmp`]) await rm(path, { recursive: true, force: true });
  }
}

/**
 * Trains an epoch with the built program. Returns the seconds until it began to train, the rows per second, and the
 * largest resident memory in bytes (Linux).
 * @param {string} folder @param {boolean} stream
 */
async function train(folder, stream) {
  const before = new Set(await runsIn(folder));
  const began = Date.now();
  const args = ['train', 'table.mmoe.json', '--set', `data.stream=${stream}`];
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let memory = NaN;
  const look = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    const found = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
    if (found !== undefined) memory = 1024 * Number(found);
  }, 250);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(look);
  const run = (await runsIn(folder)).find((id) => !before.has(id));
  if (code !== 0 || run === undefined) throw new Error(`mmoe train ended with ${code}`);
  const { times } = JSON.parse(await readFile(join(folder, '.mmoe/runs', run, 'run.json'), 'utf8'));
  return { start: (Date.parse(times.started) - began) / 1000, rate: times.rowsPerSecond, memory };
}

/** @param {string} folder @returns {Promise<string[]>} */
const runsIn = (folder) => readdir(join(folder, '.mmoe/runs')).catch(() => []);

/**
 * @param {{ rows: number, rounds: number, folder: string, inMemory: boolean }} options `inMemory`: also the same rows
 * in memory.
 */
export async function measureStream({ rows, rounds, folder, inMemory }) {
  if (!existsSync(program)) throw new Error('build the program first: npm run build');
  await mkdir(join(folder, '.vscode'), { recursive: true });
  const table = `rows-${rows}.parquet`;
  const path = join(folder, table);
  if (!existsSync(path)) {
    await inDuckDb(folder, [`copy (${drawn(rows)}) to '${path}.part' (format parquet)`]);
    await rename(`${path}.part`, path);
  }
  const experiment = {
    data: { source: table, validation: 0.01, test: 0.01 },
    columns: Object.fromEntries(
      Object.keys(ids).map((name) => [name, { kind: 'categorical', encode: { embedding: 8 } }]),
    ),
    tasks: [{ label: 'click' }, { label: 'like' }],
    model: { experts: { count: 4, layers: [32] }, towers: { layers: [8] } },
    training: { epochs: 1, batchSize: 4096, tables: 'lazy' },
  };
  await writeFile(join(folder, 'table.mmoe.json'), JSON.stringify(experiment, null, 2));
  await rm(join(folder, '.mmoe'), { recursive: true, force: true });
  const reading = await inDuckDb(folder, [
    `create table rows as select * from '${path}'`,
    ...Object.keys(ids).map(
      (id) => `create table of_${id} as select ${id}, count(*) as n from rows group by ${id}`,
    ),
  ]);
  const first = await train(folder, true);
  const streamed = [];
  const held = [];
  for (let round = 0; round < rounds; round++) {
    streamed.push(await train(folder, true));
    if (inMemory) held.push(await train(folder, false));
  }
  return { rows, reading, first, streamed, held };
}

/** @param {Awaited<ReturnType<typeof measureStream>>} measured */
export function streamText({ rows, reading, first, streamed, held }) {
  const all = [first, ...streamed];
  const most = Math.max(...all.map(({ memory }) => memory));
  const thousands = (/** @type {number[]} */ rates) => `${(median(rates) / 1000).toFixed(0)} k rows/s`;
  const rate = thousands(all.map((one) => one.rate));
  const lines = [
    `${rows.toLocaleString('en')} rows`,
    `read and grouped by DuckDB  ${reading.toFixed(1)} s`,
    `first start, encoding       ${first.start.toFixed(1)} s, ${(first.start / reading).toFixed(2)} times as long`,
    `next start, from the file   ${median(streamed.map(({ start }) => start)).toFixed(1)} s`,
    `streamed                    ${rate}, at most ${(most / 1e9).toFixed(2)} GB`,
  ];
  if (held.length === 0) return lines.join('\n');
  const ratio = median(held.map((one, round) => (streamed[round]?.rate ?? NaN) / one.rate));
  const heldMost = Math.max(...held.map(({ memory }) => memory));
  lines.push(
    `in memory                   ${thousands(held.map((one) => one.rate))}, at most ${(heldMost / 1e9).toFixed(2)} GB; ` +
      `streamed is ${ratio.toFixed(2)} times as fast`,
  );
  return lines.join('\n');
}
