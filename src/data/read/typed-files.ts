import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { InputError } from '../../shared/errors.js';
import { quoted } from '../../shared/sql.js';
import type { Database } from '../duckdb/database.js';
import { checkNames } from './table/column-names.js';
import { unreadable } from './guard/unreadable.js';
import { loadParquet } from './parquet-loading.js';
import { mixedColumns } from './parquet-parts.js';
import { typedReader, type TypedFormat } from './typed-reader.js';
import { refuseSameKeys, withLongNumbers } from './json-keys.js';
import { beside, partitionsOf } from './files/partitions.js';
import type { OpenText, UnsettledTable } from './texts/settle-texts.js';
import { columnsOf, plainColumns, replaceTable } from './table/stored-columns.js';

/**
 * Reads files that bring their types into a new table, in order. Throws an InputError for what cannot be
 * read.
 */
export async function loadTyped(
  db: Database,
  table: string,
  files: readonly string[],
  format: TypedFormat,
): Promise<Pick<UnsettledTable, 'stored' | 'open'> & { readonly notes: readonly string[] }> {
  try {
    const { partitions, notes } = await partitionsBeside(db, files, format);
    switch (format) {
      case 'json': {
        const rows = `select * from ${typedReader(format, files, partitions)}`;
        await db.run(`create table ${quoted(table)} as ${rows}`);
        await checkRecords(db, table, files);
        await refuseSameKeys(db, table, files);
        const digits = await withLongNumbers(db, table, files);
        const open = await openJson(db, table, files[0]!);
        for (const name of digits) open.set(name, { wanted: null, sampled: 'DOUBLE' });
        return { stored: plainColumns, open, notes };
      }
      case 'parquet':
        return { ...(await loadParquet(db, table, files, partitions)), notes };
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw await refused(db, files, format, error);
  }
}

async function partitionsBeside(
  db: Database,
  files: readonly string[],
  format: TypedFormat,
): Promise<ReturnType<typeof beside>> {
  const partitions = partitionsOf(files);
  if (partitions.length === 0) return { partitions, notes: [] };
  const columns = await columnsOf(db, typedReader(format, files));
  return beside(
    partitions,
    columns.map(({ name }) => name),
  );
}

/** Throws an InputError for JSON that holds no row per record: lists, or all rows within one object. */
async function checkRecords(db: Database, table: string, files: readonly string[]): Promise<void> {
  const columns = await columnsOf(db, quoted(table));
  const isNested = ({ type }: { type: string }): boolean =>
    /[\])]$/.test(type) && !type.startsWith('DECIMAL');
  const isList = columns.length === 1 && columns[0]!.name === 'json' && columns[0]!.type.endsWith(']');
  const isWhole = columns.every(isNested) || columns.some(({ type }) => /[\])]\[\]$/.test(type));
  if (!isList && !isWhole) return;
  const found = await db.row(`select count(*) as n from (select 1 from ${quoted(table)} limit 2)`);
  if (!isList && Number(found['n']) !== 1) return;
  const what = isList ? 'lists, which name no columns' : 'one object with all rows within it';
  const message =
    `this file holds ${what}; write an object for each row, as lines or in one list ` +
    '(pandas: to_json(…, orient="records"))';
  throw new InputError('data.json-shape', message, { file: files[0]! });
}

/**
 * Makes texts of columns that have values of several types or none at all, as a text file has them: what they
 * are is decided by all of them. Columns of lists and objects stay.
 */
async function openJson(db: Database, table: string, file: string): Promise<Map<string, OpenText>> {
  const columns = await columnsOf(db, quoted(table));
  checkNames(
    columns.map(({ name }) => name),
    file,
  );
  const json = columns.filter(({ type }) => type === 'JSON').map(({ name }) => name);
  if (json.length === 0) return new Map();
  const single = json.map(
    (name, i) => `bool_and(json_type(${quoted(name)}) not in ('OBJECT', 'ARRAY')) as c${i}`,
  );
  const found = await db.row(`select ${single.join(', ')} from ${quoted(table)}`);
  const mixed = json.filter((_, i) => found[`c${i}`] !== false);
  if (mixed.length === 0) return new Map();
  const texts = mixed.map((name) => `${quoted(name)} ->> '$' as ${quoted(name)}`);
  await replaceTable(db, table, `select * replace (${texts.join(', ')}) from ${quoted(table)}`);
  return new Map(mixed.map((name) => [name, { wanted: null, sampled: null }]));
}

async function refused(
  db: Database,
  files: readonly string[],
  format: TypedFormat,
  error: unknown,
): Promise<unknown> {
  if (format === 'json' && (await isEmptyFile(files[0]!)))
    return new InputError('data.empty', 'this file is empty', { file: files[0]! });
  const file = files.length === 1 ? files[0]! : await firstUnreadable(db, files, format);
  if (file === undefined && format === 'parquet') {
    const mixed = await otherTypes(db, files);
    if (mixed !== null) return mixed;
  }
  return unreadable(file ?? files[0]!, format, error);
}

/** Makes the error for Parquet files that can be read each, and have a column in types that nothing holds. */
async function otherTypes(db: Database, files: readonly string[]): Promise<InputError | null> {
  const [first, ...others] = await mixedColumns(db, files);
  if (first === undefined) return null;
  const types = new Map<string, string>();
  for (const file of files) {
    const columns = await columnsOf(db, typedReader('parquet', [file]));
    const type = columns.find(({ name }) => name.toLowerCase() === first.toLowerCase())?.type;
    if (type !== undefined && !types.has(type)) types.set(type, file);
  }
  const listed = [...types].map(([type, file]) => `${type} in ${basename(file)}`).join(', ');
  const more = others.length === 0 ? '' : ` (so may be ${others.map((name) => `"${name}"`).join(', ')})`;
  const message = `this column is ${listed}, and no type holds both${more}; write it with one type in all files`;
  return new InputError('data.other-type', message, { file: [...types.values()].at(-1)!, columnName: first });
}

async function firstUnreadable(
  db: Database,
  files: readonly string[],
  format: TypedFormat,
): Promise<string | undefined> {
  for (const file of files) {
    const isGood = await db.rows(`select count(*) from ${typedReader(format, [file])}`).then(
      () => true,
      () => false,
    );
    if (!isGood) return file;
  }
  return undefined;
}

async function isEmptyFile(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    return (await handle.stat()).size === 0;
  } finally {
    await handle.close();
  }
}
