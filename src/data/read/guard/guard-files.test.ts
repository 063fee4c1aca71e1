import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { InputError } from '../../../shared/errors.js';
import { literal } from '../../../shared/sql.js';
import { describeSource } from '../../decide/describe.js';
import { Database } from '../../duckdb/database.js';
import { TempWorkspace } from '../../temp-workspace.fixture.js';

let workspace: TempWorkspace;
beforeEach(async () => void (workspace = await TempWorkspace.create()));
afterEach(() => workspace.remove());

const rows = Array.from({ length: 40 }, (_, row) => `${row},${row % 2}`);
const table = Buffer.from(`size,bought\n${rows.join('\n')}\n`);
const json = rows.map((row) => `{"size": ${row.replace(',', ', "bought": ')}}`);
const lines = (changed: Record<number, string>): string =>
  `${json.map((line, at) => changed[at] ?? line).join('\n')}\n`;

const begins = (text: string): Buffer => Buffer.concat([Buffer.from(text, 'latin1'), table]);
const packed = gzipSync(table);
const damaged = Buffer.from(packed);
damaged[packed.length - 6]! ^= 1;

const textFiles: { name: string; bytes: Buffer | string; says: RegExp; line?: number }[] = [
  { name: 'a.csv', bytes: begins('BZh91AY&SY'), says: /compressed by bzip2.*unpack it/ },
  { name: 'a.csv', bytes: begins('\xfd7zXZ\0'), says: /compressed by xz/ },
  { name: 'a.csv', bytes: begins('\x28\xb5\x2f\xfd'), says: /compressed by zstd/ },
  { name: 'a.feather', bytes: begins('ARROW1\0\0'), says: /an Arrow file \(Feather\).*save it as CSV/ },
  { name: 'a.arrow', bytes: begins('\xff\xff\xff\xff'), says: /an Arrow stream/ },
  { name: 'a.csv', bytes: begins('PK\x03\x04     [Content_Types].xml'), says: /a spreadsheet \(Excel/ },
  { name: 'a.csv', bytes: begins('PK\x03\x04    a.csv'), says: /compressed by zip/ },
  { name: 'a.csv', bytes: begins('PAR1'), says: /is a Parquet file; let its name end in \.parquet/ },
  { name: 'a.csv', bytes: packed, says: /compressed by gzip; let its name end in \.gz/ },
  { name: 'a.csv', bytes: begins('<!DOCTYPE html>\n'), says: /a web page/ },
  { name: 'a.csv', bytes: begins('version https://git-lfs.github.com/spec/v1\n'), says: /git lfs pull/ },
  { name: 'a.parquet', bytes: begins('version https://git-lfs.github.com/spec/v1\n'), says: /git lfs pull/ },
  { name: 'a.csv', bytes: lines({}), says: /is JSON; let its name end in/ },
  { name: 'a.csv.gz', bytes: table, says: /is not compressed by gzip, as its name says/ },
  { name: 'a.csv.gz', bytes: packed.subarray(0, -8), says: /gzip file is cut off/ },
  { name: 'a.jsonl.gz', bytes: gzipSync(lines({})).subarray(0, -8), says: /gzip file is cut off/ },
  { name: 'a.csv.gz', bytes: damaged, says: /gzip file is damaged/ },
  { name: 'a.parquet', bytes: begins('PAR1'), says: /no Parquet file, or it is cut off/ },
  { name: 'a.jsonl', bytes: lines({ 7: '{"size": 3, "bought": }' }), says: /no JSON: .* byte \d+/, line: 8 },
  {
    name: 'a.jsonl',
    bytes: lines({ 2: `{"size": ${'['.repeat(101)}1${']'.repeat(101)}, "bought": 1}` }),
    says: /nested deeper than 100 levels/,
    line: 3,
  },
];

const errorOf = (source: string | { sql: string }): Promise<unknown> =>
  describeSource(source, workspace.options).catch((error: unknown) => error);

it.each(textFiles)('$name that begins or ends otherwise: $says', async ({ name, bytes, says, line }) => {
  const file = await workspace.write(name, bytes);
  for (const source of [name, { sql: `select * from '${name}'` }]) {
    const error = await errorOf(source);
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).toMatch(says);
    expect(error).toMatchObject({ place: { file, ...(line !== undefined && { line }) } });
  }
});

it('brackets in texts are no levels', async () => {
  const text = `{"size": 1, "bought": 0, "text": ${JSON.stringify('["{'.repeat(200))}}`;
  await workspace.write('a.jsonl', lines({ 2: text }));
  expect(await describeSource('a.jsonl', workspace.options)).toMatchObject({ rows: 40 });
});

it('decimals of more digits than are read right are refused by their column', async () => {
  const db = await Database.open(workspace.folder, [workspace.path('a.parquet')]);
  const file = workspace.path('a.parquet');
  await db.run(`copy (select 1.5::decimal(38, 2) as price, 1 as bought) to ${literal(file)}`);
  db.close();
  expect(await describeSource('a.parquet', workspace.options)).toMatchObject({ rows: 1 });
  // 38 digits become 50 in the footer, where the schema is.
  const bytes = await readFile(file);
  const footer = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
  for (let at = footer; at < bytes.length - 8; at++)
    if (bytes[at] === 0x15 && bytes[at + 1] === 2 * 38) bytes[at + 1] = 2 * 50;
  await workspace.write('a.parquet', bytes);
  const error = await errorOf('a.parquet');
  expect(String(error)).toMatch(/decimals of 50 digits, and at most 38 are read; write it as double/);
  expect(error).toMatchObject({ place: { file, columnName: 'price' } });
});

it('what cannot be computed in some row is told of its expression', async () => {
  const cities = rows.map((row, at) => `${row},${at < 30 ? at : 'Oslo'}`);
  await workspace.write('a.csv', `size,bought,place\n${cities.join('\n')}\n`);
  for (const [task, path] of [
    [{ label: 'place::integer > 3' }, ['tasks', 0, 'label']],
    [{ label: 'bought', weight: 'place::integer' }, ['data', 'weight']],
  ] as const) {
    const data = { source: 'a.csv', ...('weight' in task && { weight: task.weight }) };
    const error = await workspace
      .prepare({ data, tasks: [{ label: task.label }] })
      .catch((caught: unknown) => caught);
    expect(String(error)).toMatch(/"Oslo" is no int32; try_cast/);
    expect(error).toMatchObject({ path });
  }
});

it('SQL that waits is refused, in expressions and queries', async () => {
  await workspace.write('a.csv', table);
  const said = (experiment: Parameters<TempWorkspace['prepare']>[0]): Promise<string> =>
    workspace.prepare(experiment).then(() => '', String);
  const tasks = [{ label: 'bought' }];
  const sql = "select *, pg_sleep(0) as slept from 'a.csv'";
  for (const data of [{ source: 'a.csv', where: 'sleep_ms(0) is null' }, { source: { sql } }])
    expect(await said({ data, tasks })).toMatch(/waits, and computes nothing/);
});
