import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { dist } from '../../scripts/paths.mjs';
import { residentOf } from './memory.mjs';

/** @typedef {{ seconds: number, processor: number, memory: number }} Taken `memory`: the peak in bytes */

/**
 * What `mmoe describe` and `mmoe check` take for a table of very many columns of small whole numbers,
 * fractions, texts and large whole numbers, as CSV and as Parquet in one row group. Linux only (/proc).
 * @param {number} columns @param {number} rows
 */
export async function measureWide(columns, rows) {
  const folder = await mkdtemp(join(tmpdir(), 'mmoe-wide-'));
  try {
    await mkdir(join(folder, '.vscode'));
    /** @type {Record<string, Record<'describe' | 'check', Taken>>} */
    const taken = {};
    for (const source of ['wide.csv', 'wide.parquet']) {
      console.log(`writing ${source}`);
      await writeTable(join(folder, source), columns, rows);
      const experiment = join(folder, `${source}.mmoe.json`);
      await writeFile(experiment, JSON.stringify({ data: { source }, tasks: [{ label: 'y' }] }));
      console.log(`describing and checking ${source}`);
      taken[source] = {
        describe: await takenBy(folder, ['describe', source]),
        check: await takenBy(folder, ['check', experiment]),
      };
    }
    return { columns, rows, taken };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {Awaited<ReturnType<typeof measureWide>>} measured */
export function wideText({ columns, rows, taken }) {
  const lines = Object.entries(taken).flatMap(([source, commands]) =>
    Object.entries(commands).map(
      ([command, { seconds, processor, memory }]) =>
        `${`${command} ${source}`.padEnd(24)}${[seconds, processor].map((one) => `${one.toFixed(1)} s`.padStart(12)).join('')}` +
        `${(memory / 1e6).toFixed(0)} MB`.padStart(12),
    ),
  );
  const heads = ['time', 'processor', 'memory'].map((title) => title.padStart(12)).join('');
  return [`${columns} columns of ${rows} rows`, `${''.padEnd(24)}${heads}`, ...lines].join('\n');
}

/** @param {string} file @param {number} columns @param {number} rows */
async function writeTable(file, columns, rows) {
  const kinds = [
    (/** @type {string} */ drawn) => `(${drawn} % 100)::integer`,
    (/** @type {string} */ drawn) => `round((${drawn} % 20000) / 1000 - 10, 3)::double`,
    (/** @type {string} */ drawn) => `'t' || (${drawn} % 20)`,
    (/** @type {string} */ drawn) => `case when ${drawn} % 9 > 0 then (${drawn} % 1000000)::integer end`,
  ];
  const all = Array.from({ length: columns - 1 }, (_, i) => {
    const kind = kinds[i % kinds.length];
    return `${kind?.(`hash(range * ${2 * i + 1} + ${i})`)} as x${i}`;
  });
  // One thread holds one row group at a time.
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const options = file.endsWith('.parquet') ? `format parquet, row_group_size ${rows}` : 'format csv';
  await connection.run(
    `copy (select ${all.join(', ')}, (hash(range) % 2)::integer as y from range(${rows})) to '${file}' (${options})`,
  );
  connection.closeSync();
  instance.closeSync();
}

/** @param {string} folder @param {readonly string[]} command @returns {Promise<Taken>} */
async function takenBy(folder, command) {
  const start = performance.now();
  const child = spawn(process.execPath, [join(dist, 'cli.js'), ...command], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += String(text)));
  /** @type {number | null} */
  let code = null;
  const ended = new Promise((done) => child.on('close', done)).then((status) => (code = Number(status)));
  let memory = 0;
  let processor = 0;
  while (code === null) {
    memory = Math.max(memory, residentOf(`/proc/${child.pid}`)?.all ?? 0);
    processor = processorSeconds(`/proc/${child.pid}`) ?? processor;
    await Promise.race([sleep(50), ended]);
  }
  if (code !== 0) throw new Error(`mmoe ${command.join(' ')} ended with ${code}: ${complaint}`);
  return { seconds: (performance.now() - start) / 1000, processor, memory };
}

/** Null: the process is gone. @param {string} path */
function processorSeconds(path) {
  try {
    const fields = readFileSync(`${path}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    // User and system time, in hundredths of a second.
    return fields.length < 13 ? null : (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return null;
  }
}
