import { stat } from 'node:fs/promises';
import type { Database } from '../../duckdb/database.js';
import type { ReadOptions } from '../source-kind.js';
import { firstLine, seemsName } from './csv-header.js';
import { findLayout, layoutOf, type CsvLayouts } from './csv-layout.js';
import type { CsvLayout } from './csv-reader.js';

/**
 * Returns the layouts of a table's files, in order. A part that has hardly more than a line of names shows
 * neither its delimiter nor that this line is no row: the longest part does, or that all parts begin with the
 * same line.
 */
export async function findLayouts(
  db: Database,
  files: readonly string[],
  read: ReadOptions,
  known: CsvLayouts,
): Promise<CsvLayout[]> {
  const found: CsvLayout[] = [];
  for (const file of files) found.push(await findLayout(db, file, read, known));
  const [first] = found;
  if (files.length < 2 || found.every((one) => one.header && namesOf(one) === namesOf(first!))) return found;
  const leader = found[await longestOf(files)]!;
  const as = { ...read, delimiter: leader.delimiter, quote: leader.quote };
  if (read.header !== undefined || read.names !== undefined) {
    const laid: CsvLayout[] = [];
    for (const [i, file] of files.entries()) {
      const isLike = found[i]!.columns.length === leader.columns.length;
      laid.push(isLike ? found[i]! : await layoutOf(db, file, as));
    }
    return laid;
  }
  const lines: string[][] = [];
  for (const file of files)
    lines.push((await firstLine(db, file, leader, read.encoding)).map((text) => text?.trim() ?? ''));
  const names = leader.header ? namesOf(leader) : joined(lines[0]!);
  const isNamed = lines.map((line) => joined(line) === names && new Set(line).size === line.length);
  if (!leader.header && !(isNamed.every(Boolean) && lines[0]!.some(seemsName))) return found;
  const laid: CsvLayout[] = [];
  for (const [i, file] of files.entries()) {
    const isSeen = found[i]!.header && namesOf(found[i]!) === names;
    laid.push(isSeen || !isNamed[i] ? found[i]! : await layoutOf(db, file, { ...as, header: true }));
  }
  return laid;
}

/** The names of a table's columns, whatever their order and case. */
const joined = (names: readonly string[]): string =>
  JSON.stringify(names.map((name) => name.toLowerCase()).sort());

const namesOf = ({ columns }: CsvLayout): string => joined(columns.map(({ name }) => name));

async function longestOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.indexOf(Math.max(...sizes));
}
