import { dirname, relative } from 'node:path';
import { InputError } from '../../../shared/errors.js';
import { quoted } from '../../../shared/sql.js';
import type { Database } from '../../duckdb/database.js';
import { findLayout, type CsvLayouts } from './csv-layout.js';
import { csvReader, type CsvLayout } from './csv-reader.js';
import { widened, withTypes } from './csv-widening.js';
import type { ReadOptions } from '../source-kind.js';
import { codedRows, seenOf, storedTexts, storeSmall, type StoredColumns } from '../stored-columns.js';

/** A type is widened at most so often before a file counts as unreadable. */
const maxAttempts = 100;

/**
 * Reads text files into a new table, in order. Columns of few texts are stored as codes, small numbers in
 * small types. Throws an InputError with file, line, row and column for what cannot be read. `types`: DuckDB
 * types that are wanted, by column in lower case; the others are detected.
 */
export async function loadCsv(
  db: Database,
  table: string,
  files: readonly string[],
  read: ReadOptions,
  types: ReadonlyMap<string, string>,
  known: CsvLayouts = new Map(),
): Promise<StoredColumns> {
  const found: CsvLayout[] = [];
  for (const file of files) found.push(await findLayout(db, file, read, known));
  checkSameColumns(files, found);
  let layouts = withTypes(found, types);
  // A type that is detected from a file's beginning may be wrong for its end: widen it and read again.
  for (let attempt = 0; ; attempt++) {
    try {
      return await loadFiles(db, table, files, layouts, read);
    } catch (error) {
      const wider =
        attempt < maxAttempts ? await widened(db, { files, layouts, read, wanted: types }, error) : null;
      if (wider === null) throw error;
      layouts = withTypes(layouts, wider);
    }
  }
}

async function loadFiles(
  db: Database,
  table: string,
  files: readonly string[],
  layouts: readonly CsvLayout[],
  read: ReadOptions,
): Promise<StoredColumns> {
  const queries: string[] = [];
  for (let from = 0; from < files.length;) {
    // Files of one layout are read in one go.
    let to = from + 1;
    while (to < files.length && JSON.stringify(layouts[to]) === JSON.stringify(layouts[from])) to++;
    queries.push(`select * from ${csvReader(files.slice(from, to), layouts[from]!, read)}`);
    from = to;
  }
  const { columns } = layouts[0]!;
  const { texts, small } = await storeSmall(await seenOf(db, queries[0]!, columns), async (seen) => {
    await db.run(`drop table if exists ${quoted(table)}`);
    for (const [i, query] of queries.entries()) {
      const rows = codedRows(query, columns, seen);
      await db.run(
        i === 0 ? `create table ${quoted(table)} as ${rows}` : `insert into ${quoted(table)} by name ${rows}`,
      );
    }
  });
  return { coded: await storedTexts(db, table, texts), small };
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
