import { dirname, sep } from 'node:path';
import { literal, quoted } from '../../../shared/sql.js';
import { ownName } from '../table/stored-columns.js';

/** A column that the names of folders give to files, as in `day=1/part.parquet`. */
export interface Partition {
  readonly name: string;
  /** DuckDB's type of all its values. */
  readonly type: 'BIGINT' | 'DATE' | 'VARCHAR';
  /** How many signs the name has as folders are called. */
  readonly keyLength: number;
  /** How many folders below the root of its file system a file's value stands. */
  readonly depth: number;
}

/** The column with a row's file, while it is read. */
const fileColumn = ownName('file');

/**
 * Returns the columns that folders give to the files of a table: those below the folder that all files have
 * in common. Folders above say where the table lies, and nothing about its rows. There are none where the
 * files do not agree about them.
 */
export function partitionsOf(files: readonly string[]): Partition[] {
  const paths = files.map((file) => dirname(file).split(sep));
  const [first = []] = paths;
  let common = 0;
  while (common < first.length && paths.every((path) => path[common] === first[common])) common++;
  return first.slice(common).flatMap((folder, at): Partition[] => {
    const depth = common + at;
    const name = keyOf(folder);
    if (name === null || paths.some((path) => writtenKey(path[depth] ?? '') !== writtenKey(folder)))
      return [];
    const written = writtenKey(folder) ?? '';
    const values = paths.map((path) => path[depth]!.slice(written.length + 1));
    return [
      { name, keyLength: written.length, type: typeOf(values.filter((value) => value !== missing)), depth },
    ];
  });
}

/** Says which folders for partitions make no column, because not all files lie in such ones. */
export function notesOnFolders(files: readonly string[]): string[] {
  if (partitionsOf(files).length > 0) return [];
  const folders = files.map((file) => dirname(file).split(sep));
  const isCommon = (folder: string): boolean => folders.every((path) => path.includes(folder));
  const partial = folders.flat().find((folder) => keyOf(folder) !== null && !isCommon(folder));
  if (partial === undefined) return [];
  return [`folders such as "${partial}" make no column, because not all files lie in such ones`];
}

/** Returns the names that folders above all files have for their values, which say nothing about rows. */
export function keysAbove(files: readonly string[]): string[] {
  const depths = partitionsOf(files).map(({ depth }) => depth);
  if (depths.length === 0) return [];
  const above = dirname(files[0]!)
    .split(sep)
    .slice(0, Math.min(...depths));
  return above.flatMap((folder) => keyOf(folder) ?? []);
}

/** The key as a folder's name has it: signs that no name of a folder may have are written as `%20`. */
const writtenKey = (folder: string): string | null => /^([^=]+)=/.exec(folder)?.[1] ?? null;

function keyOf(folder: string): string | null {
  const key = writtenKey(folder);
  try {
    return key === null ? null : decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** How a missing value is written in the name of a folder. */
const missing = '__HIVE_DEFAULT_PARTITION__';

function typeOf(values: readonly string[]): Partition['type'] {
  if (values.every((value) => /^(0|-?[1-9]\d{0,17})$/.test(value))) return 'BIGINT';
  return values.every((value) => /^\d{4}-\d{2}-\d{2}$/.test(value)) ? 'DATE' : 'VARCHAR';
}

/**
 * Leaves out partitions that files have a column for: what stands in a row counts more than where the row
 * lies. Returns also what should be known of it.
 */
export function beside(
  partitions: readonly Partition[],
  columns: readonly string[],
): { readonly partitions: Partition[]; readonly notes: string[] } {
  const own = new Set(columns.map((name) => name.toLowerCase()));
  const isOwn = ({ name }: Partition): boolean => own.has(name.toLowerCase());
  return {
    partitions: partitions.filter((one) => !isOwn(one)),
    notes: partitions
      .filter(isOwn)
      .map(({ name }) => `column "${name}" is read from the files; the folders ${name}=… say nothing of it`),
  };
}

/** The argument for a reader whose rows get the columns of partitions, after a comma; none: there are none. */
export const partitionArgument = (partitions: readonly Partition[]): string =>
  partitions.length === 0 ? '' : `, filename = ${literal(fileColumn)}`;

/** Returns the rows of a reader with the columns of partitions, as a relation. */
export function withPartitions(reader: string, partitions: readonly Partition[]): string {
  if (partitions.length === 0) return reader;
  const columns = partitions.map(({ name, type, depth, keyLength }) => {
    const folder = `split_part(${quoted(fileColumn)}, ${literal(sep)}, ${depth + 1})`;
    const value = `nullif(substr(${folder}, ${keyLength + 2}), ${literal(missing)})`;
    return `${type === 'VARCHAR' ? `url_decode(${value})` : `${value}::${type}`} as ${quoted(name)}`;
  });
  return `(select * exclude (${quoted(fileColumn)}), ${columns.join(', ')} from ${reader})`;
}
