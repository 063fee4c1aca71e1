import { quoted } from '../../shared/sql.js';
import { inParts } from '../duckdb/column-parts.js';
import { countOf, isWide, type Database } from '../duckdb/database.js';
import type { Partition } from './files/partitions.js';
import { literalPath } from './files/source-files.js';
import { parquetRows } from './parquet-parts.js';
import { checkDuplicates, checkNames } from './table/column-names.js';
import {
  codedRows,
  columnsOf,
  seenOf,
  storedTexts,
  storeSmall,
  type Seen,
  type Stored,
} from './table/stored-columns.js';
import type { OpenText, UnsettledTable } from './texts/settle-texts.js';

/** Reads Parquet files into a new table, in order. */
export async function loadParquet(
  db: Database,
  table: string,
  files: readonly string[],
  partitions: readonly Partition[],
): Promise<Pick<UnsettledTable, 'stored' | 'open'>> {
  for (const file of files) await checkParquetNames(db, file);
  const query = await parquetRows(db, files, partitions);
  const columns = await columnsOf(db, `(${query})`);
  checkNames(
    columns.map(({ name }) => name),
    files[0],
  );
  await db.makeRoom(columns.length);
  const atOnce = isWide(columns.length) ? await columnsAtOnce(db, files, columns.length) : columns.length;
  const { texts, small } =
    atOnce < columns.length
      ? await storeByColumns(db, table, query, { columns, atOnce })
      : await storeRows(db, table, query, columns);
  return {
    stored: { coded: await storedTexts(db, table, texts), small },
    open: await openParquet(db, columns, files),
  };
}

const storeRows = async (
  db: Database,
  table: string,
  query: string,
  columns: readonly Stored[],
  isCoded = !isWide(columns.length),
): Promise<Seen> =>
  storeSmall(await seenOf(db, query, columns, isCoded), (seen) =>
    db.run(`create table ${quoted(table)} as ${codedRows(query, columns, seen)}`),
  );

/** So many bytes of a row group are read at once: each of its columns is unpacked as a whole, or nearly. */
const groupBytes = 64e6;

/** Returns how many columns of a wide table's largest row group are read at once. */
async function columnsAtOnce(db: Database, files: readonly string[], columns: number): Promise<number> {
  const listed = files.map(literalPath).join(', ');
  const found = await db.row(
    `select coalesce(max(bytes), 0) as bytes from (
       select sum(total_uncompressed_size) as bytes from parquet_metadata([${listed}])
       group by file_name, row_group_id)`,
  );
  return Math.ceil(columns / Math.max(1, Math.ceil(countOf(found['bytes']) / groupBytes)));
}

/** Stores some columns after the other, and then beside each other: all of a large row group fill the memory. */
async function storeByColumns(
  db: Database,
  table: string,
  query: string,
  { columns, atOnce }: { columns: readonly Stored[]; atOnce: number },
): Promise<Pick<Seen, 'texts' | 'small'>> {
  const parts: string[] = [];
  let small: Seen['small'] = new Map();
  for (const some of inParts(columns, atOnce)) {
    const part = `${table} part ${parts.length}`;
    const rows = `select ${some.map(({ name }) => quoted(name)).join(', ')} from (${query})`;
    const seen = await storeRows(db, part, rows, some, false);
    small = new Map([...small, ...seen.small]);
    parts.push(quoted(part));
  }
  await db.run(`create table ${quoted(table)} as select * from ${parts.join(' positional join ')}`);
  for (const part of parts) await db.run(`drop table ${part}`);
  return { texts: new Map(), small };
}

/**
 * Lets the texts decide of columns that are texts in some files only: a part without a row or a value in a
 * column, which other programs write as texts, has no say in what it is.
 */
async function openParquet(
  db: Database,
  columns: readonly { readonly name: string; readonly type: string }[],
  files: readonly string[],
): Promise<Map<string, OpenText>> {
  if (files.length === 1) return new Map();
  const listed = files.map(literalPath).join(', ');
  const mixed = await db.rows(
    `select lower(name) as name from parquet_schema([${listed}]) where num_children is null
     group by all having bool_or(type = 'BYTE_ARRAY') and bool_or(type <> 'BYTE_ARRAY')`,
  );
  const names = new Set(mixed.map(({ name }) => String(name)));
  return new Map(
    columns
      .filter(({ name, type }) => type === 'VARCHAR' && names.has(name.toLowerCase()))
      .map(({ name }) => [name, { wanted: null, sampled: null }]),
  );
}

async function checkParquetNames(db: Database, file: string): Promise<void> {
  const names = await db
    .rows(`select name from parquet_schema(${literalPath(file)}) where num_children is null`)
    .catch(() => []);
  const top = names.map((row) => String(row['name']));
  if (new Set(top.map((name) => name.toLowerCase())).size === top.length) return;
  const described = await db.rows(`describe select * from read_parquet(${literalPath(file)})`);
  // Nested columns repeat names of their own; only a table as wide as its list of names can have a true
  // duplicate.
  if (described.length === top.length) checkDuplicates(top, file);
}
