import { open } from 'node:fs/promises';
import { InputError } from '../../shared/errors.js';
import { quoted } from '../../shared/sql.js';
import type { Database } from '../duckdb/database.js';
import { checkDuplicates } from './csv/csv-layout.js';
import { unreadable } from './guard/unreadable.js';
import { literalPath, type FileFormat } from './source-files.js';
import {
  codedRows,
  columnsOf,
  plainColumns,
  seenOf,
  storedTexts,
  storeSmall,
  type StoredColumns,
} from './stored-columns.js';

/** Formats whose files bring their types. */
export type TypedFormat = Exclude<FileFormat, 'csv'>;

const readers: Record<TypedFormat, string> = { parquet: 'read_parquet', json: 'read_json' };

/** Returns the SQL of the rows of files that bring their types. */
export const typedReader = (format: TypedFormat, files: readonly string[]): string =>
  `${readers[format]}([${files.map(literalPath).join(', ')}], union_by_name = true)`;

/**
 * Reads files that bring their types into a new table, in order. Throws an InputError for what cannot be
 * read.
 */
export async function loadTyped(
  db: Database,
  table: string,
  files: readonly string[],
  format: TypedFormat,
): Promise<StoredColumns> {
  try {
    switch (format) {
      case 'json':
        await db.run(`create table ${quoted(table)} as select * from ${typedReader(format, files)}`);
        return plainColumns;
      case 'parquet':
        for (const file of files) await checkParquetNames(db, file);
        return await loadParquet(db, table, `select * from ${typedReader(format, files)}`);
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw await refused(db, files, format, error);
  }
}

async function loadParquet(db: Database, table: string, query: string): Promise<StoredColumns> {
  const columns = await columnsOf(db, `(${query})`);
  const { texts, small } = await storeSmall(await seenOf(db, query, columns), (seen) =>
    db.run(`create table ${quoted(table)} as ${codedRows(query, columns, seen)}`),
  );
  return { coded: await storedTexts(db, table, texts), small };
}

async function checkParquetNames(db: Database, file: string): Promise<void> {
  const names = await db
    .rows(`select name from parquet_schema(${literalPath(file)}) where num_children is null`)
    .catch(() => []);
  const top = names.map((row) => String(row['name']));
  if (new Set(top).size === top.length) return;
  const described = await db.rows(`describe select * from read_parquet(${literalPath(file)})`);
  // Nested columns repeat names of their own; only a table as wide as its list of names can have a true
  // duplicate.
  if (described.length === top.length) checkDuplicates(top, file);
}

async function refused(
  db: Database,
  files: readonly string[],
  format: TypedFormat,
  error: unknown,
): Promise<unknown> {
  if (format === 'json' && (await isEmptyFile(files[0]!)))
    return new InputError('data.empty', 'this file is empty', { file: files[0]! });
  const file = (files.length === 1 ? undefined : await firstUnreadable(db, files, format)) ?? files[0]!;
  return unreadable(file, format, error);
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
