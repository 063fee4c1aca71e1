import { quoted } from '../../shared/sql.js';
import type { Database } from '../duckdb/database.js';
import type { Partition } from './files/partitions.js';
import { literalPath } from './files/source-files.js';
import { columnsOf } from './table/stored-columns.js';
import { typedReader } from './typed-reader.js';

/**
 * Returns the query of the rows of Parquet files, in order. A file without a value in a column has no say in its
 * type: other programs do not know it, either, and write any.
 */
export async function parquetRows(
  db: Database,
  files: readonly string[],
  partitions: readonly Partition[],
): Promise<string> {
  const rowsOf = (some: readonly string[], without: readonly string[] = []): string => {
    const nothing = without.map((name) => `null as ${quoted(name)}`);
    const but = nothing.length === 0 ? '' : ` replace (${nothing.join(', ')})`;
    return `select *${but} from ${typedReader('parquet', some, partitions)}`;
  };
  const all = rowsOf(files);
  const mixed = files.length === 1 ? [] : await mixedColumns(db, files);
  if (mixed.length === 0) return all;
  const groups: { readonly files: string[]; readonly without: readonly string[] }[] = [];
  for (const file of files) {
    const without = await emptyColumns(db, file, mixed);
    const last = groups.at(-1);
    if (last !== undefined && String(last.without) === String(without)) last.files.push(file);
    else groups.push({ files: [file], without });
  }
  const isKnown = (name: string): boolean => groups.some(({ without }) => !without.includes(name));
  const parts = groups.map((group) => rowsOf(group.files, group.without.filter(isKnown)));
  return parts.length === 1 ? all : parts.join(' union all by name ');
}

/** Finds the columns that files have in several types. */
export async function mixedColumns(db: Database, files: readonly string[]): Promise<string[]> {
  const listed = files.map(literalPath).join(', ');
  const found = await db.rows(
    `select min(name) as name from parquet_schema([${listed}]) where num_children is null
     group by lower(name) having count(distinct duckdb_type) > 1`,
  );
  return found.map(({ name }) => String(name));
}

/** Returns those of some columns that a file has, and without a value. */
async function emptyColumns(db: Database, file: string, columns: readonly string[]): Promise<string[]> {
  const reader = typedReader('parquet', [file]);
  const own = new Set((await columnsOf(db, reader)).map(({ name }) => name.toLowerCase()));
  const has = columns.filter((name) => own.has(name.toLowerCase()));
  if (has.length === 0) return [];
  const some = has.map(
    (name, i) => `(select true from ${reader} where ${quoted(name)} is not null limit 1) as c${i}`,
  );
  const found = await db.row(`select ${some.join(', ')}`);
  return has.filter((_, i) => found[`c${i}`] !== true);
}
