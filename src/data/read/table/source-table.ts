import { quoted } from '../../../shared/sql.js';
import { cleanTextSql } from '../texts/clean-text.js';
import type { ReadOptions } from '../source-kind.js';
import {
  isOwnColumn,
  lateTexts,
  ownName,
  textOfCode,
  type CodedTexts,
  type StoredColumns,
} from './stored-columns.js';

export interface SourceColumn {
  readonly name: string;
  /** DuckDB's type. */
  readonly type: string;
  /** How its values are written in text files, where DuckDB's own cast does not read them. */
  readonly format?: string;
}

/** A source, read into DuckDB. */
export interface SourceTable {
  /** The table with the rows as they were read, in order; columns of few texts as codes. */
  readonly raw: string;
  /** The columns of `raw` that are stored as codes, by name. */
  readonly coded: CodedTexts;
  /**
   * The view that expressions see: the same rows, with blanks around texts gone and empty texts missing. It
   * also has the columns `rowNumber`, `rawName`, `codeName` and `lateTexts`.
   */
  readonly view: string;
  readonly columns: readonly SourceColumn[];
  readonly rows: number;
  /** The table's name for people: `census-income.csv`. */
  readonly title: string;
  readonly files: readonly string[];
  /** The options that it was read with; they also say which of its texts are missing. */
  readonly read: ReadOptions;
  /** What was found out while it was read, for people. */
  readonly notes: readonly string[];
}

/** The view's column with the row's number, from 0; no name that a table would have. */
export const rowNumber = ownName('row');

/** Returns the view's column with a column's values as they were read. */
export const rawName = (column: SourceColumn): string =>
  column.type === 'VARCHAR' ? ownName(`raw ${column.name}`) : column.name;

/** Returns the view's column with the codes of a column that is stored as codes. */
export const codeName = (column: string): string => ownName(`code ${column}`);

/** Returns the types that columns had before they were stored as codes or in smaller types. */
export const typesAsRead = (
  columns: readonly SourceColumn[],
  { coded, small }: StoredColumns,
  formats: ReadonlyMap<string, string>,
): SourceColumn[] =>
  columns
    .filter(({ name }) => isOwnColumn(name))
    .map(({ name, type }) => {
      const format = formats.get(name);
      return {
        name,
        type: coded.has(name) ? 'VARCHAR' : small.has(name) ? 'BIGINT' : type,
        ...(format !== undefined && { format }),
      };
    });

/**
 * Returns the SQL of a column's values as the view has them, over the raw table: to take the view apart costs
 * more, the more columns there are.
 */
export function valuesOf({ coded, read }: SourceTable, { name, type }: SourceColumn): string {
  const code = coded.get(name);
  const asRead = code === undefined ? quoted(name) : textOfCode(name, code);
  return type === 'VARCHAR' ? cleanTextSql(asRead, read) : asRead;
}

/** Returns the query of a table's view. `row`: the SQL of a row's number. */
export function viewOf(
  raw: string,
  columns: readonly SourceColumn[],
  { coded, small }: StoredColumns,
  read: ReadOptions,
  row: string,
): string {
  const shown = columns.flatMap((column) => {
    const name = quoted(column.name);
    const code = coded.get(column.name);
    const asRead =
      code !== undefined ? textOfCode(column.name, code) : small.has(column.name) ? `${name}::bigint` : name;
    const cleaned = column.type === 'VARCHAR' ? cleanTextSql(asRead, read) : asRead;
    return [
      `${cleaned} as ${name}`,
      ...(rawName(column) === column.name ? [] : [`${asRead} as ${quoted(rawName(column))}`]),
      ...(code === undefined ? [] : [`${name} as ${quoted(codeName(column.name))}`]),
    ];
  });
  if (coded.size > 0) shown.push(quoted(lateTexts));
  return `select ${shown.join(', ')}, ${row} as ${quoted(rowNumber)} from ${quoted(raw)}`;
}
