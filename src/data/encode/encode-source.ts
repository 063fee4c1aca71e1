import type { Source } from '../../experiment/schema.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import type { Feature } from '../decide/plan-columns.js';
import { Database } from '../duckdb/database.js';
import { isList, isTime, typeKind } from '../duckdb/type-kind.js';
import { failOnBadNumbers } from '../gather/check-values.js';
import { rawColumns, textsOf, wantedFeatures } from '../gather/feature-columns.js';
import { readBatches } from '../gather/read-columns.js';
import { loadSource } from '../read/load-source.js';
import { realFolders } from '../read/files/source-files.js';
import type { ReadOptions } from '../read/source-kind.js';
import { namedFiles } from '../read/files/sql-source.js';
import type { TextType } from '../read/texts/text-types.js';
import type { Encoder } from './encoder.js';
import { rowLabels, type LabelledBy, type RowLabels } from './new/row-labels.js';
import type { ValueCounts } from './new/value-counts.js';
import { emptyInputs, RowEncoder, withLists } from './row-encoder.js';
import type { Items } from '../duckdb/vector.js';
import { listColumn, type Dictionary } from '../read/table/dictionary.js';
import { columnNamed } from '../read/table/expression.js';
import type { SourceTable } from '../read/table/source-table.js';
import type { Wanted } from '../read/table/wanted.js';
import { InputError } from '../../shared/errors.js';

/** The settings for new rows: the folders to look in, and how they are read. */
export interface NewRowsOptions {
  /** Paths are relative to this folder. */
  readonly folder: string;
  /** DuckDB may read only below this folder. */
  readonly workspace: string;
  readonly read?: ReadOptions | undefined;
  /** Default: 65,536. */
  readonly batchRows?: number;
  /** Hears the real paths of all files that will be read, before any is; may throw. */
  readonly onFiles?: (files: readonly string[]) => void;
  /** Counts what the encoder knows nothing of. */
  readonly counts?: ValueCounts;
  /** Where the rows may have labels and weights, which are yielded then. */
  readonly labelled?: LabelledBy;
  /** Hears what the table is, before any row is read. */
  readonly onTable?: (table: NewTable) => void;
  /** Columns whose values are yielded as texts, besides those that the encoder needs. */
  readonly keep?: readonly string[];
}

/** What is known of a table of new rows before they are read. */
export interface NewTable extends Pick<SourceTable, 'title' | 'rows' | 'columns'> {
  /** The labels and weights of its rows; null: nobody asked. */
  readonly labels: Pick<RowLabels, 'absent' | 'unweighted' | 'unfiltered'> | null;
}

/** New rows, encoded, and the columns of them that are kept as they are. */
export interface NewRows {
  readonly rows: EncodedRows;
  readonly firstRow: number;
  /** Rows that do not meet the experiment's condition, and so have no labels here. */
  readonly leftOut: number;
  readonly kept: readonly { readonly name: string; readonly values: readonly (string | null)[] }[];
}

/**
 * Encodes new rows as the training rows were, by column name: their order does not matter, and columns that
 * the encoder does not know are ignored. Yields batches of at most `batchRows` rows, in the order of the
 * rows; labels are NaN where nobody asks for them, or there is none. Throws InputErrors: a column that is absent, a text among numbers.
 */
export async function* encodeSource(
  encoder: Encoder,
  source: Source,
  options: NewRowsOptions,
): AsyncGenerator<NewRows> {
  const { folder, workspace, read = {}, batchRows = 65_536, onFiles = () => undefined } = options;
  const { keep = [], counts, onTable = () => undefined } = options;
  const folders = await realFolders(folder, workspace);
  const db = await Database.open(folders.workspace);
  try {
    onFiles(await namedFiles(db, source, folders));
    const types = typesFor(encoder, read, keep);
    const table = await loadSource(db, 'data', source, { folders, read, types });
    const features: Feature[] = [
      ...encoder.numeric.map(({ name, type }): Feature => ({ name, type, use: 'numeric' })),
      ...encoder.categorical.map(({ name, type, set }): Feature => ({ name, type, use: 'categorical', set })),
    ];
    const wanted = await wantedFeatures(db, table, features, new Map());
    const kept = await keptColumns(db, table, keep, features, wanted);
    await failOnBadNumbers(db, { table, where: null }, features);
    const labels =
      options.labelled === undefined ? null : await rowLabels(db, table, encoder, options.labelled, types);
    onTable({ title: table.title, rows: table.rows, columns: table.columns, labels });
    const own = labels?.wanted ?? [];
    const rowEncoder = new RowEncoder(encoder, textsOf(features, wanted));
    let firstRow = 0;
    for await (const batch of readBatches(db, table, [...wanted, ...kept, ...own], Math.max(1, batchRows))) {
      const raw = rawColumns(batch.rows, features, wanted, batch.columns);
      const rows = new Uint32Array(batch.rows).map((_, row) => row);
      const inputs = emptyInputs(encoder, batch.rows);
      rowEncoder.encode(raw, rows, inputs);
      counts?.add(raw, rows, { ...inputs, ...withLists(rowEncoder) });
      const texts = kept.map(({ dictionary }, i) =>
        textsOfCodes(dictionary, batch.columns[wanted.length + i]!),
      );
      const ofLabels = batch.columns.slice(wanted.length + kept.length);
      const labelled = labels?.labels(ofLabels, batch.rows);
      yield {
        rows: {
          ...{ rows: batch.rows, ...inputs },
          ...withLists(rowEncoder),
          labels: labelled?.labels ?? new Float32Array(batch.rows * encoder.tasks.length).fill(NaN),
          weights: labels?.weights(ofLabels) ?? null,
        },
        firstRow,
        leftOut: labelled?.leftOut ?? 0,
        kept: keep.map((name, i) => ({ name, values: texts[i]! })),
      };
      firstRow += batch.rows;
    }
  } finally {
    db.close();
  }
}

type WantedText = Extract<Wanted, { kind: 'text' }>;

/**
 * Returns what to read for columns that are kept, in their order; a column that is a feature of texts, too, or
 * is named several times, is listed once.
 */
async function keptColumns(
  db: Database,
  table: SourceTable,
  keep: readonly string[],
  features: readonly Feature[],
  wanted: readonly Wanted[],
): Promise<WantedText[]> {
  const found: WantedText[] = [];
  const listed = new Map<string, WantedText>();
  for (const name of keep) {
    const column = columnNamed(table.columns, name);
    if (column === undefined) {
      const names = table.columns.map((one) => one.name).join(', ');
      throw new InputError(
        'predict.keep',
        `${table.title} has no column "${name}"; it has ${names.slice(0, 500)}`,
      );
    }
    const at = features.findIndex((one) => columnNamed([column], one.name) !== undefined);
    const feature = wanted[at];
    const known = feature?.kind === 'text' ? feature : listed.get(column.name);
    const read: WantedText = known ?? { kind: 'text', dictionary: await listColumn(db, table, column) };
    listed.set(column.name, read);
    found.push(read);
  }
  return found;
}

const textsOfCodes = ({ texts }: Dictionary, codes: Items): (string | null)[] =>
  Array.from(codes, (code) => (code === 0 ? null : texts.at(code - 1)));

/**
 * Returns the types that columns of text files are read in: numeric columns take any number, and the texts of
 * categories stand as they are. Dates and times are detected, whatever their precision.
 */
export function typesFor(
  encoder: Encoder,
  read: ReadOptions,
  keep: readonly string[],
): Map<string, TextType> {
  // What is kept stands as it is, also digits with zeros before them.
  const types = new Map<string, TextType>(keep.map((name) => [name.toLowerCase(), { type: 'VARCHAR' }]));
  for (const { name, type, format } of encoder.numeric) {
    const wanted = format === undefined ? numberTypeFor(type) : type;
    if (wanted !== null) types.set(name.toLowerCase(), { type: wanted, format });
  }
  for (const { name, type, format } of encoder.categorical) {
    if (format !== undefined) types.set(name.toLowerCase(), { type, format });
    else if (!isTime(type) && !isList(type)) types.set(name.toLowerCase(), { type: 'VARCHAR' });
  }
  for (const [column, type] of Object.entries(read.types ?? {})) types.set(column.toLowerCase(), { type });
  return types;
}

/** Null: the type is to be detected. */
function numberTypeFor(type: string): string | null {
  switch (typeKind(type)) {
    case 'integer':
    case 'float':
    case 'decimal':
      return 'DOUBLE';
    case 'time':
      return null;
    case 'boolean':
    case 'text':
    case 'other':
      return 'VARCHAR';
  }
}
