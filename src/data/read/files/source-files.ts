import { existsSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isInside } from '../../../experiment/inside.js';
import { nearest } from '../../../experiment/near.js';
import { InputError } from '../../../shared/errors.js';
import type { Database } from '../../duckdb/database.js';
import { literal } from '../../../shared/sql.js';
import { isExperimentFile } from '../../../shared/names.js';

export type FileFormat = 'csv' | 'parquet' | 'json';

/** The real folders of an experiment and its workspace. */
export interface Folders {
  readonly folder: string;
  readonly workspace: string;
}

/**
 * Returns the real paths of an experiment's folder and its workspace. Throws an InputError if they do not
 * exist.
 */
export async function realFolders(folder: string, workspace: string): Promise<Folders> {
  const real = async (path: string): Promise<string> => {
    try {
      return await realpath(path);
    } catch {
      throw new InputError('data.folder', 'there is no such folder', { file: path });
    }
  };
  return { folder: await real(folder), workspace: await real(workspace) };
}

/**
 * Returns the files that a path, a glob or a folder names: real paths, sorted. Throws an InputError if there
 * are none, and for any outside of the workspace.
 */
export async function filesOf(db: Database, pattern: string, folders: Folders): Promise<string[]> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(pattern)) {
    throw new InputError(
      'data.network',
      `"${pattern}" is not a file; download it into the workspace and name that file`,
    );
  }
  const path = isAbsolute(pattern) ? resolve(pattern) : resolve(folders.folder, pattern);
  if (existsSync(path)) {
    const inside = await insideWorkspace(path, pattern, folders);
    return (await stat(inside)).isDirectory() ? filesIn(inside, pattern, folders) : [inside];
  }
  const found = /[*?[]/.test(pattern) ? await globbed(db, path, pattern, folders) : [];
  if (found.length === 0) throw noSuchFile(pattern, path, await siblings(path));
  return [...new Set(await Promise.all(found.map((file) => insideWorkspace(file, pattern, folders))))].sort();
}

async function globbed(db: Database, path: string, pattern: string, folders: Folders): Promise<string[]> {
  const fixed = path.slice(0, path.search(/[*?[]/));
  const base = fixed.endsWith(sep) ? fixed.slice(0, -1) : dirname(fixed);
  if (!existsSync(base)) throw noSuchFile(pattern, path, []);
  const inside = await insideWorkspace(base, pattern, folders);
  const rows = await db.rows(
    `select file from glob(${literal(join(inside, relative(base, path)))}) order by file`,
  );
  return rows.map((row) => String(row['file']));
}

/** Returns the real path, which must lie in the workspace: neither `..` nor a symlink leads out. */
async function insideWorkspace(path: string, pattern: string, { workspace }: Folders): Promise<string> {
  const real = await realpath(path);
  if (isInside(workspace, real)) return real;
  throw new InputError(
    'data.outside',
    `"${pattern}" lies outside of the workspace ${workspace}; copy the data into it`,
    { file: real },
  );
}

async function filesIn(folder: string, pattern: string, folders: Folders): Promise<string[]> {
  const names = (await namesIn(folder)).sort();
  if (names.length === 0) {
    throw new InputError('data.empty-folder', 'this folder has no CSV, TSV, Parquet or JSON-lines files', {
      file: folder,
    });
  }
  const formats = new Set(names.map((name) => formatByName(name)));
  if (formats.size > 1) {
    const message =
      `this folder has files of several kinds (${[...formats].join(', ')}); ` +
      `name some by a glob: "${pattern}/*.csv"`;
    throw new InputError('data.mixed-folder', message, { file: folder });
  }
  return Promise.all(names.map((name) => insideWorkspace(join(folder, name), pattern, folders)));
}

const partitionFolder = /^[^.=][^=]*=/;

const isTable = (name: string): boolean =>
  formatByName(name) !== null && !name.startsWith('.') && !isNotes(name);

/** Lists the tables in a folder; where it has none, those in its folders for partitions (`day=1`). */
async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const tables = entries.map(({ name }) => name).filter(isTable);
  if (tables.length > 0) return tables;
  const partitions = entries.filter((entry) => entry.isDirectory() && partitionFolder.test(entry.name));
  const below = partitions.map(async ({ name }) =>
    (await namesIn(join(folder, name))).map((table) => join(name, table)),
  );
  return (await Promise.all(below)).flat();
}

/** Says which tables a folder has that are not read with it: those below folders for partitions beside others. */
export async function notesOnFolder(pattern: string, { folder }: Folders): Promise<string[]> {
  const entries = await readdir(resolve(folder, pattern), { withFileTypes: true }).catch(() => []);
  const below = entries.find((entry) => entry.isDirectory() && partitionFolder.test(entry.name));
  if (below === undefined || !entries.some(({ name }) => isTable(name))) return [];
  return [
    `tables in folders such as "${below.name}" are passed over, because there are some beside these folders; ` +
      `to read other ones, name them by a glob: "${pattern}/*/*"`,
  ];
}

const noSuchFile = (pattern: string, path: string, near: string[]): InputError => {
  const meant = nearest(basename(pattern), near);
  // The name as the source would have to say it, in the same folder.
  const beside = (name: string): string => pattern.slice(0, pattern.length - basename(pattern).length) + name;
  const shown = near.length > 5 ? [...near.slice(0, 5), '…'] : near;
  const hint =
    meant !== null
      ? `; did you mean "${beside(meant)}"?`
      : shown.length > 0
        ? `; beside it: ${shown.join(', ')}`
        : '';
  return new InputError('data.no-file', `there is no file "${pattern}"${hint}`, { file: path });
};

/** Lists the tables in the folder of a file that does not exist. */
async function siblings(path: string): Promise<string[]> {
  const names = await readdir(dirname(path)).catch(() => []);
  return names.filter((name) => formatByName(name) !== null && !name.startsWith('.')).sort();
}

/** Whether a file of this name says what the predictions beside it are. */
const isNotes = (name: string): boolean => /\.(csv|parquet)\.json$/i.test(name);

/** Returns the format that a file of this name is read in; unknown ones are read as text with separators. */
export const formatOf = (path: string): FileFormat => formatByName(path) ?? 'csv';

function formatByName(path: string): FileFormat | null {
  const bare = path.toLowerCase().replace(/\.gz$/, '');
  if (/\.(csv|tsv|tab|txt|data|psv)$/.test(bare)) return 'csv';
  if (/\.(parquet|pq)$/.test(bare)) return 'parquet';
  if (/\.(json|jsonl|ndjson)$/.test(bare) && !isExperimentFile(bare)) return 'json';
  return null;
}

/** Returns a path as an SQL literal without wildcards. */
export const literalPath = (path: string): string => literal(path.replace(/[*?[]/g, '[$&]'));
