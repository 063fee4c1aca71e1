import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';

const rows = 60;
const cities = ['Oslo', 'Rome', 'Köln', 'São Paulo', "'s-Hertogenbosch", 'Paris, TX'];

/** @param {number} row */
const valuesOf = (row) => ({
  'user id': 1000 + ((row * 37) % 23),
  age: 20 + ((row * 7) % 50),
  city: cities[(row * 5) % cities.length] ?? '',
  spent: row % 11 === 0 ? null : ((row * 13) % 97) / 4,
  day: `2024-0${1 + (row % 9)}-1${row % 10}`,
  member: row % 3 === 0,
  minutes: ((row * 31) % 600) / 10,
  bought: (row * 17) % 5 < 2 ? 1 : 0,
});

/** The columns of the tables, in order. */
export const columns = Object.keys(valuesOf(0));

const table = Array.from({ length: rows }, (_, row) => valuesOf(row));

/**
 * Returns the same table in every format that can be read, by file name.
 * @returns {Promise<Record<string, Buffer>>}
 */
export async function makeTables() {
  const lines = Buffer.from(`${table.map((row) => JSON.stringify(row)).join('\n')}\n`);
  const csv = Buffer.from(separated(','));
  return {
    't.csv': csv,
    't.tsv': Buffer.from(separated('\t')),
    't.jsonl': lines,
    't.csv.gz': gzipSync(csv),
    't.jsonl.gz': gzipSync(lines),
    't.parquet': await asParquet(lines),
  };
}

/** @param {string} delimiter */
function separated(delimiter) {
  const field = (/** @type {unknown} */ value) => {
    const text = value === null ? '' : String(value);
    return text.includes(delimiter) ? `"${text}"` : text;
  };
  const all = [columns, ...table.map((row) => Object.values(row))];
  return `${all.map((row) => row.map(field).join(delimiter)).join('\n')}\n`;
}

/** @param {Buffer} lines */
async function asParquet(lines) {
  const folder = await mkdtemp(join(tmpdir(), 'mmoe-fuzz-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const [from, to] = [join(folder, 't.jsonl'), join(folder, 't.parquet')];
    await writeFile(from, lines);
    await connection.run(`copy (from read_json('${from}')) to '${to}' (format parquet)`);
    return await readFile(to);
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}
