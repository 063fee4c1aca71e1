import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Column, RowRange, Table } from '../table.js';
import { dayText } from './cell-text.js';
import { csvText, type CsvStyle } from './csv.js';
import { jsonText, type JsonStyle } from './json-lines.js';
import type { ParquetStyle, ParquetWriter } from './parquet.js';

/** The files that hold a table. */
export type Container = {
  /** Where the parts end, as shares of the rows, ascending; two equal ones make a part without rows. */
  readonly ends: readonly number[];
  /** Whether the parts lie in folders that are named by their value in the table's column for it. */
  readonly partitioned: boolean;
  /** How the source is named. */
  readonly named: 'glob' | 'list' | 'folder';
  /** Whether the columns of every other part stand in the reverse order. */
  readonly reordered: boolean;
} & Format;

export type Format =
  | {
      readonly format: 'csv';
      readonly gzip: boolean;
      readonly style: CsvStyle;
      /** What `data.read` says, and what is left to be detected. */
      readonly says: { readonly delimiter: boolean; readonly header: boolean };
    }
  | { readonly format: 'json'; readonly gzip: boolean; readonly style: JsonStyle }
  | { readonly format: 'parquet'; readonly style: ParquetStyle };

export interface Source {
  readonly source: string | string[];
  readonly read: Record<string, unknown>;
}

/** Writes rows of a table into files below `folder`, which is `within` the experiment's; returns the source. */
export async function writeContainer(
  container: Container,
  { columns: all, partition }: Pick<Table, 'columns' | 'partition'>,
  { first, rows }: RowRange,
  { folder, within, parquet }: { folder: string; within: string; parquet: ParquetWriter },
): Promise<Source> {
  const folders = container.partitioned ? all.find(({ name }) => name === partition) : undefined;
  const columns = all.filter((column) => column !== folders);
  const ending = endingOf(container);
  const ends = [...container.ends.map((end) => Math.round(end * rows)), rows];
  const names: string[] = [];
  const empty = new Set(
    columns.filter(({ cells }) => cells.slice(first, first + rows).every((cell) => cell === null)),
  );
  let from = 0;
  for (const [part, to] of ends.entries()) {
    const file = `${ends.length === 1 ? 'table' : `part-${String(part).padStart(2, '0')}`}.${ending}`;
    const name = `${within}/${folders === undefined ? '' : folderOf(folders, first + from)}${file}`;
    const shown = container.reordered && part % 2 === 1 ? [...columns].reverse() : columns;
    await writePart(container, shown, { first: first + from, rows: to - from }, join(folder, name), {
      parquet,
      empty,
    });
    names.push(name);
    from = to;
  }
  return { source: sourceOf(container, names, within, ending), read: readOf(container) };
}

/** Returns the folder of a part, by the value of its first row. */
function folderOf({ name, type, cells }: Column, row: number): string {
  const value = cells[row]!;
  const text = type.kind === 'date' ? dayText(value as bigint) : String(value);
  return `${name}=${encodeURIComponent(text)}/`;
}

function endingOf(container: Container): string {
  switch (container.format) {
    case 'csv':
      return `${container.style.delimiter === '\t' ? 'tsv' : 'csv'}${container.gzip ? '.gz' : ''}`;
    case 'json':
      return `jsonl${container.gzip ? '.gz' : ''}`;
    case 'parquet':
      return 'parquet';
  }
}

async function writePart(
  container: Container,
  columns: readonly Column[],
  range: RowRange,
  path: string,
  { parquet, empty }: { readonly parquet: ParquetWriter; readonly empty: ReadonlySet<Column> },
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if (container.format === 'parquet') return parquet.write(path, columns, range, container.style);
  const text =
    container.format === 'csv'
      ? csvText(columns, range, container.style)
      : jsonText(columns, range, container.style, empty);
  await writeFile(path, container.gzip ? gzipSync(text) : text);
}

function sourceOf(
  { named, partitioned }: Container,
  names: readonly string[],
  within: string,
  ending: string,
): string | string[] {
  if (named === 'folder') return within;
  if (named === 'list') return [...names];
  return names.length === 1 ? names[0]! : `${within}/${partitioned ? '*/' : ''}part-*.${ending}`;
}

function readOf(container: Container): Record<string, unknown> {
  if (container.format !== 'csv') return {};
  const { style, says } = container;
  return {
    ...(says.delimiter && { delimiter: style.delimiter }),
    ...(says.header && { header: true }),
  };
}
