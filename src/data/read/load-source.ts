import { basename, relative } from 'node:path';
import type { Source } from '../../experiment/schema.js';
import { InputError } from '../../shared/errors.js';
import { quoted } from '../../shared/sql.js';
import { countOf, type Database } from '../duckdb/database.js';
import { saidOfSql } from '../duckdb/refusal.js';
import { lineOfOther, textInNumbers } from './csv/csv-explaining.js';
import { findLayout, type CsvLayouts } from './csv/csv-layout.js';
import { loadCsv } from './csv/csv-loading.js';
import type { CsvLayout } from './csv/csv-reader.js';
import { guarded } from './guard/guard-files.js';
import { checkNames } from './table/column-names.js';
import { placeOfRow } from './row-place.js';
import { settleTexts, type UnsettledTable } from './texts/settle-texts.js';
import { clearMissingNumbers } from './texts/missing-numbers.js';
import { notesOnFolders } from './files/partitions.js';
import { filesOf, formatOf, notesOnFolder, type Folders } from './files/source-files.js';
import { sourceKind, type ReadOptions } from './source-kind.js';
import { typesAsRead, viewOf, type SourceTable } from './table/source-table.js';
import { badQuery, readOnlyQuery, type ReadOnlyQuery } from './files/sql-source.js';
import { columnsOf, numberRows, plainColumns, rowSql } from './table/stored-columns.js';
import type { Decided, WantedTypes } from './texts/text-types.js';
import { loadSimulator, simulatorTitle } from '../simulate/simulator-table.js';
import { loadSynthetic, syntheticTitle } from '../simulate/synthetic-table.js';
import { notesOnTotals } from './total-line.js';
import { loadTyped } from './typed-files.js';

/** The settings that a source is read with. */
export interface Reading {
  readonly folders: Folders;
  readonly read: ReadOptions;
  /** DuckDB types by column in lower case, where detection must not decide. */
  readonly types: WantedTypes;
  /** Whether a column whose texts do not fit its wanted type is what its texts are; without it, none is. */
  readonly mayDiffer?: (column: string) => Promise<boolean>;
  readonly layouts?: CsvLayouts;
}

/**
 * Finds out how a source's text files are laid out before it is read. Errors are left to `loadSource`, which
 * meets them again.
 */
export async function lookAhead(
  db: Database,
  source: Source,
  { folders, read, layouts }: Required<Omit<Reading, 'types' | 'mayDiffer'>>,
): Promise<void> {
  const wanted = sourceKind(source);
  if (wanted.kind !== 'files') return;
  try {
    for (const pattern of wanted.patterns) {
      for (const file of await filesOf(db, pattern, folders))
        if (formatOf(file) === 'csv') await findLayout(db, file, read, layouts);
    }
  } catch {
    // Reported by loadSource.
  }
}

/**
 * Reads a source into the database under a name. Throws an InputError for what cannot be read, and for a
 * table without rows.
 */
export async function loadSource(
  db: Database,
  name: string,
  source: Source,
  reading: Reading,
): Promise<SourceTable> {
  const { read } = reading;
  const raw = `${name}_raw`;
  const { title, files, ...loaded } = await load(db, raw, source, reading);
  // Tables that come later are kept where this one is.
  await db.makeRoom(0);
  await numberRows(db, raw);
  const { stored, formats, notes } = await settleTexts(
    db,
    {
      raw,
      ...loaded,
      wanted: reading.types,
      mayDiffer: reading.mayDiffer ?? (() => Promise.resolve(false)),
      oddText: (column, odd) => oddText(db, { column, odd }, { files, read, layouts: loaded.layouts }),
    },
    read,
  );
  const bringsTypes = files.length === 0 || formatOf(files[0]!) !== 'csv';
  await clearMissingNumbers(db, raw, read, { bringsTypes });
  await db.pack();
  const stands = await columnsOf(db, quoted(raw));
  const columns = typesAsRead(stands, stored, formats);
  const rows = countOf((await db.row(`select count(*) as n from ${quoted(raw)}`))['n']);
  if (rows === 0)
    throw new InputError(
      'data.no-rows',
      'this table has no rows',
      files[0] === undefined ? {} : { file: files[0] },
    );
  const layoutNotes = new Set(loaded.layouts.flatMap((layout) => layout.notes));
  await db.run(`create view ${quoted(name)} as ${viewOf(raw, columns, stored, read, rowSql(stands))}`);
  const table: SourceTable = {
    raw,
    coded: stored.coded,
    view: name,
    columns,
    rows,
    title,
    files,
    read,
    notes: [...layoutNotes, ...loaded.notes, ...notes],
  };
  const kind = sourceKind(source).kind;
  const totals = kind === 'files' || kind === 'query' ? await notesOnTotals(db, table) : [];
  return { ...table, notes: [...table.notes, ...totals] };
}

/** Makes the error for a text in a column that is meant to be something else, with its place. */
async function oddText(
  db: Database,
  { column, odd }: { column: string; odd: NonNullable<Decided['odd']> },
  table: { files: readonly string[]; read: ReadOptions; layouts: readonly CsvLayout[] },
): Promise<InputError> {
  const { file, row = odd.row + 1 } = await placeOfRow(db, table, odd.row, column);
  const layout = file === undefined ? undefined : table.layouts[table.files.indexOf(file)];
  const { type, format } = odd.type;
  const line =
    layout === undefined || file === undefined || format !== undefined
      ? undefined
      : await lineOfOther(db, file, layout, table.read, { column, type });
  const place = { ...(file !== undefined && { file }), ...(line !== undefined && { line }) };
  return textInNumbers({ column, type }, { value: odd.value, row }, odd.texts, place);
}

/** A table as it was read, before the types of its texts are settled. */
interface Loaded extends Pick<UnsettledTable, 'stored' | 'open' | 'decimalComma' | 'isText'> {
  /** How its files are laid out, if they are text files. */
  readonly layouts: readonly CsvLayout[];
  readonly title: string;
  /** What should be known of its names, for people. */
  readonly notes: readonly string[];
  /** The files whose rows the table has, in order; none where no row can be found in a file again. */
  readonly files: readonly string[];
}

async function load(db: Database, raw: string, source: Source, reading: Reading): Promise<Loaded> {
  const wanted = sourceKind(source);
  switch (wanted.kind) {
    case 'files':
      return loadFiles(db, raw, wanted.patterns, reading);
    case 'query':
      return loadQuery(db, raw, wanted.sql, reading.folders);
    case 'synthetic':
      await loadSynthetic(db, raw, wanted.settings);
      return { ...asIs, title: syntheticTitle(wanted.settings), files: [] };
    case 'simulator':
      await loadSimulator(db, raw, wanted.settings);
      return { ...asIs, title: simulatorTitle(wanted.settings), files: [] };
  }
}

/** What is known of a table whose columns have their types already. */
const asIs = {
  stored: plainColumns,
  open: new Map(),
  decimalComma: false,
  isText: false,
  layouts: [],
  notes: [],
};

async function loadQuery(db: Database, raw: string, sql: string, folders: Folders): Promise<Loaded> {
  const query = await readOnlyQuery(db, sql, folders);
  const notes = await guarded(db, query.files, (readsAll) => {
    readsAll();
    return runQuery(db, raw, query);
  });
  checkNames(
    (await columnsOf(db, quoted(raw))).map(({ name }) => name),
    query.files[0],
  );
  const title = query.files.length > 0 ? `query on ${titleOf(query.files, folders)}` : 'query';
  return { ...asIs, notes, title, files: [] };
}

/** Runs a query, and returns what should be known of the columns that it reads. What is wrong with a file is told as it is of a file; the rest is about the query. */
async function runQuery(
  db: Database,
  raw: string,
  { settled, files }: ReadOnlyQuery,
): Promise<readonly string[]> {
  try {
    const { sql, notes } = await settled();
    await db.run(`create table ${quoted(raw)} as ${sql}`);
    return notes;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    throw files.some((file) => message.includes(file)) ? error : badQuery(saidOfSql(error));
  }
}

async function loadFiles(
  db: Database,
  raw: string,
  patterns: readonly string[],
  { folders, read, types, layouts }: Reading,
): Promise<Loaded> {
  const named = new Set<string>();
  for (const pattern of patterns) for (const file of await filesOf(db, pattern, folders)) named.add(file);
  const files = [...named];
  const [format, ...others] = new Set(files.map(formatOf));
  if (format === undefined) throw new Error('a source names no files');
  if (others.length > 0) {
    const message = `these files are of several kinds (${[format, ...others].join(', ')}); name files of one`;
    throw new InputError('data.mixed', message, { file: files[0]! });
  }
  const title = titleOf(files, folders);
  const notes = notesOnFolders(files);
  for (const pattern of patterns) notes.push(...(await notesOnFolder(pattern, folders)));
  return guarded(db, files, async (readsAll) => {
    if (format !== 'csv') {
      readsAll();
      const typed = await loadTyped(db, raw, files, format);
      return { ...asIs, ...typed, notes: [...notes, ...typed.notes], title, files };
    }
    const loaded = await loadCsv(db, raw, files, read, types, { layouts, onLayouts: readsAll });
    const decimalComma = loaded.layouts.every(({ delimiter }) => delimiter === ';');
    return { ...loaded, notes: [...notes, ...loaded.notes], decimalComma, isText: true, title };
  });
}

function titleOf(files: readonly string[], { folder }: Folders): string {
  const first = relative(folder, files[0]!).replaceAll('\\', '/');
  const shown = first.startsWith('..') ? basename(first) : first;
  return files.length === 1 ? shown : `${shown} and ${files.length - 1} more`;
}
