import { stat } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { InputError } from '../../../shared/errors.js';
import { quoted } from '../../../shared/sql.js';
import type { Database } from '../../duckdb/database.js';
import { refusalOf } from '../../duckdb/refusal.js';
import { unreadable } from '../guard/unreadable.js';
import { beside, partitionsOf, type Partition } from '../files/partitions.js';
import type { OpenText } from '../texts/settle-texts.js';
import type { ReadOptions } from '../source-kind.js';
import {
  codedRows,
  seenOf,
  storedTexts,
  storeSmall,
  type Seen,
  type StoredColumns,
} from '../table/stored-columns.js';
import { isNumber } from '../../duckdb/type-kind.js';
import { longNumbers } from '../table/long-numbers.js';
import { failOnMalformed } from './csv-explaining.js';
import { emptyFile, type CsvLayouts } from './csv-layout.js';
import { findLayouts } from './joint-layouts.js';
import { asTexts, checkedRows, type CsvColumn, type CsvLayout } from './csv-reader.js';
import { jointTypes } from './csv-types.js';
import type { WantedTypes } from '../texts/text-types.js';

/** Text files, read into a table. */
export interface LoadedCsv {
  /** The files that have something in them, in order, and how each is laid out. */
  readonly files: readonly string[];
  readonly layouts: readonly CsvLayout[];
  readonly stored: StoredColumns;
  /** Columns whose types their texts are to decide, by name. */
  readonly open: ReadonlyMap<string, OpenText>;
  /** What should be known of names that folders have in common with columns. */
  readonly notes: readonly string[];
}

/**
 * Reads text files into a new table, in order. Columns of few texts are stored as codes, small numbers in
 * small types. Throws an InputError with file, line, row and column for what cannot be read. `types`: DuckDB
 * types that are wanted, by column in lower case; the others are guessed from the beginnings of the files, and
 * columns are read as texts where these disagree, or where a later value is of another type. `layouts`: those
 * that are known; `onLayouts` hears when all are, before the files are read whole.
 */
export async function loadCsv(
  db: Database,
  table: string,
  all: readonly string[],
  read: ReadOptions,
  types: WantedTypes,
  { layouts = new Map(), onLayouts }: { layouts?: CsvLayouts | undefined; onLayouts: () => void },
): Promise<LoadedCsv> {
  const files = await withContent(all);
  const found = await findLayouts(db, files, read, layouts);
  onLayouts();
  checkSameColumns(files, found);
  const { partitions, notes } = beside(
    partitionsOf(all),
    found[0]!.columns.map(({ name }) => name),
  );
  const joint = jointTypes(found, types, read);
  const { open } = joint;
  let columns = joint.columns;
  // 1_00 in a column of numbers is a mistake, also where its type is known and not guessed.
  if (found.some(({ hasUnderscores }) => hasUnderscores))
    readAsTexts(({ type, guessed }) => guessed !== true && isNumber(type));
  const load = async (): Promise<LoadedCsv> => {
    const laid = found.map((layout) => inOrderOf(layout, columns));
    const { stored, unseen } = await loadFiles(db, table, files, laid, read, partitions);
    for (const name of unseen)
      if (!open.has(name) && !types.has(name.toLowerCase())) open.set(name, { wanted: null, sampled: null });
    return { files, layouts: found, open, notes, stored };
  };
  try {
    const loaded = await load();
    const doubles = columns.filter(({ type, guessed }) => guessed === true && type === 'DOUBLE');
    const digits = await longNumbers(
      db,
      table,
      doubles.map(({ name }) => name),
    );
    if (digits.length === 0) return loaded;
    readAsTexts(({ name }) => digits.includes(name));
    return await load();
  } catch (error) {
    if (error instanceof InputError || refusalOf(error) === null) throw error;
    for (const [i, file] of files.entries()) await failOnMalformed(db, file, asTexts(found[i]!), read);
    readAsTexts(({ type }) => type !== 'VARCHAR');
    return load().catch((cause: unknown) => {
      throw unreadable(files[0]!, 'csv', cause, read.encoding);
    });
  }

  /** Reads columns as texts next time, and lets these decide or be checked. */
  function readAsTexts(which: (column: CsvColumn) => boolean): void {
    for (const column of columns.filter((one) => which(one) && !open.has(one.name))) {
      const wanted = types.get(column.name.toLowerCase()) ?? null;
      open.set(column.name, { wanted, sampled: wanted === null ? column.type : null });
    }
    columns = columns.map((column) => (which(column) ? { name: column.name, type: 'VARCHAR' } : column));
  }
}

/** Returns a layout with the types of columns that another one may have in another order. */
const inOrderOf = (layout: CsvLayout, columns: readonly CsvColumn[]): CsvLayout => {
  const byName = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  return {
    ...layout,
    columns: layout.columns.map(({ name }) => ({ ...byName.get(name.toLowerCase())!, name })),
  };
};

/** Returns the files that are not empty; a part without a single line has no say in anything. */
async function withContent(files: readonly string[]): Promise<string[]> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const kept = files.filter((_, i) => sizes[i]! > 0);
  if (kept.length === 0) throw emptyFile(files[0]!);
  return kept;
}

interface Loading {
  readonly stored: StoredColumns;
  /** Columns of texts of which the beginning has none. */
  readonly unseen: Seen['unseen'];
}

async function loadFiles(
  db: Database,
  table: string,
  files: readonly string[],
  layouts: readonly CsvLayout[],
  read: ReadOptions,
  partitions: readonly Partition[],
): Promise<Loading> {
  const groups: { files: readonly string[]; layout: CsvLayout }[] = [];
  for (let from = 0; from < files.length;) {
    // Files of one layout are read in one go.
    let to = from + 1;
    while (to < files.length && JSON.stringify(layouts[to]) === JSON.stringify(layouts[from])) to++;
    groups.push({ files: files.slice(from, to), layout: layouts[from]! });
    from = to;
  }
  const { columns } = layouts[0]!;
  const [first] = groups;
  await db.makeRoom(columns.length);
  const beginning = await seenOf(db, checkedRows(first!.files, first!.layout, read, new Set()), columns);
  const { texts, small } = await storeSmall(beginning, async (seen) => {
    await db.run(`drop table if exists ${quoted(table)}`);
    const asNumbers = new Set([...seen.small.keys()].filter((name) => !seen.oneWidth.has(name)));
    for (const [i, group] of groups.entries()) {
      const rows = codedRows(
        checkedRows(group.files, group.layout, read, asNumbers, partitions),
        [...columns, ...partitions],
        seen,
      );
      await db.run(
        i === 0 ? `create table ${quoted(table)} as ${rows}` : `insert into ${quoted(table)} by name ${rows}`,
      );
    }
  });
  return { stored: { coded: await storedTexts(db, table, texts), small }, unseen: beginning.unseen };
}

function checkSameColumns(files: readonly string[], layouts: readonly CsvLayout[]): void {
  const namesOf = (layout: CsvLayout): string[] =>
    layout.columns.map(({ name }) => name.toLowerCase()).sort();
  const first = namesOf(layouts[0]!);
  layouts.forEach((layout, i) => {
    const here = namesOf(layout);
    const other = here.find((name) => !first.includes(name)) ?? first.find((name) => !here.includes(name));
    if (other === undefined && here.length === first.length) return;
    const message =
      `this file and ${relative(dirname(files[i]!), files[0]!)} do not have the same columns: ` +
      `"${other ?? ''}" is in one of them only`;
    throw new InputError('data.other-columns', message, { file: files[i]!, line: 1 });
  });
}
