import { InputError } from '../../shared/errors.js';
import { literal, quoted } from '../../shared/sql.js';
import { countOf, type Database } from '../duckdb/database.js';
import { literalPath } from './files/source-files.js';
import { longNumbers } from './table/long-numbers.js';
import { columnsOf, replaceTable } from './table/stored-columns.js';

/**
 * Throws an InputError for keys that differ only by case: DuckDB gives one of them another name, by which nobody
 * would find it.
 */
export async function refuseSameKeys(db: Database, table: string, files: readonly string[]): Promise<void> {
  const names = (await columnsOf(db, quoted(table))).map(({ name }) => name);
  for (const name of names) {
    const key = name.replace(/_\d+$/, '');
    const other = names.find((one) => one !== key && one.toLowerCase() === key.toLowerCase());
    if (key === name || other === undefined || (await hasKey(db, files, name))) continue;
    const message =
      `the keys "${other}" and "${key}" differ only by case, by which names of columns are not told apart; ` +
      'give one of them another name';
    throw new InputError('data.duplicate-column', message, { file: files[0]!, columnName: other });
  }
}

async function hasKey(db: Database, files: readonly string[], key: string): Promise<boolean> {
  const listed = files.map(literalPath).join(', ');
  const found = await db.rows(
    `select 1 from read_json_objects([${listed}]) where list_contains(json_keys(json), ${literal(key)}) limit 1`,
  );
  return found.length > 0;
}

/**
 * Reads columns again as texts whose whole numbers have more than 64 bits, for the reader rounds them to doubles.
 * Returns their names.
 */
export async function withLongNumbers(
  db: Database,
  table: string,
  files: readonly string[],
): Promise<string[]> {
  const doubles = (await columnsOf(db, quoted(table))).filter(({ type }) => type === 'DOUBLE');
  const names = await longNumbers(
    db,
    table,
    doubles.map(({ name }) => name),
  );
  if (names.length === 0) return [];
  const columns = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  const digits = quoted(`${table} digits`);
  await db.run(
    `create temp table ${digits} as
     select * from read_json([${files.map(literalPath).join(', ')}], columns = {${columns}})`,
  );
  const counts = await db.row(
    `select (select count(*) from ${digits}) as again, (select count(*) from ${quoted(table)}) as rows`,
  );
  if (countOf(counts['again']) !== countOf(counts['rows']))
    throw new Error(`${files[0]!}: other rows when its long numbers are read`);
  const replaced = names.map((name) => `d.${quoted(name)} as ${quoted(name)}`).join(', ');
  await replaceTable(
    db,
    table,
    `select t.* replace (${replaced}) from ${quoted(table)} t positional join ${digits} d`,
  );
  await db.run(`drop table ${digits}`);
  return names;
}
