import type { Source } from '../../../experiment/schema.js';
import { formatMetric } from '../../../shared/numbers.js';
import { quoted } from '../../../shared/sql.js';
import { Database } from '../../duckdb/database.js';
import { isTime } from '../../duckdb/type-kind.js';
import type { Feature } from '../../decide/plan-columns.js';
import { rawColumns, sameColumn, wantedFeatures } from '../../gather/feature-columns.js';
import { blocksOf, type ReadRows } from '../../gather/read-columns.js';
import { realFolders } from '../../read/files/source-files.js';
import { loadSource } from '../../read/load-source.js';
import type { ReadOptions } from '../../read/source-kind.js';
import { rowNumber, type SourceTable } from '../../read/table/source-table.js';
import type { Wanted } from '../../read/table/wanted.js';
import { typesFor } from '../encode-source.js';
import type { Encoder } from '../encoder.js';
import { rowLabels, type LabelledBy, type RowLabels } from './row-labels.js';

export interface RowSourceOptions {
  readonly folder: string;
  readonly workspace: string;
  readonly read?: ReadOptions | undefined;
  readonly labelled: Omit<LabelledBy, 'where'>;
}

/** A row of a table as a person reads it. */
export interface PlainRow {
  /** By column that the encoder knows; null: missing. */
  readonly values: Record<string, string | null>;
  /** By task, of labels that are known. */
  readonly labels: Record<string, string>;
}

/** A table whose rows are looked at one by one. */
export class RowSource {
  private constructor(
    private readonly db: Database,
    private readonly table: SourceTable,
    private readonly encoder: Encoder,
    private readonly features: readonly Feature[],
    private readonly wanted: readonly Wanted[],
    private readonly labels: RowLabels,
  ) {}

  /** Reads a table. Throws an InputError where it cannot be read, or lacks what the encoder needs. */
  static async open(
    encoder: Encoder,
    source: Source,
    { folder, workspace, read = {}, labelled }: RowSourceOptions,
  ): Promise<RowSource> {
    const folders = await realFolders(folder, workspace);
    const db = await Database.open(folders.workspace);
    try {
      const types = typesFor(encoder, read, []);
      const table = await loadSource(db, 'data', source, { folders, read, types });
      const features: Feature[] = [
        ...encoder.numeric.map(({ name, type }): Feature => ({ name, type, use: 'numeric' })),
        ...encoder.categorical.map(({ name, type, set }): Feature => ({
          name,
          type,
          use: 'categorical',
          set,
        })),
      ];
      const wanted = await wantedFeatures(db, table, features, new Map());
      // A row is shown with its labels, whether or not the experiment would take it.
      const labels = await rowLabels(db, table, encoder, { ...labelled, where: undefined }, types);
      return new RowSource(db, table, encoder, features, wanted, labels);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  get rows(): number {
    return this.table.rows;
  }

  /** Reads a row, counted from 0. */
  async row(number: number): Promise<PlainRow> {
    const { db, table, features, wanted, encoder, labels } = this;
    const where = `${quoted(rowNumber)} = ${number}`;
    let block: ReadRows | undefined;
    for await (const one of blocksOf(db, table, [...wanted, ...labels.wanted], where)) block ??= one;
    if (block === undefined) throw new Error(`there is no row ${number}`);
    const raw = rawColumns(1, features, wanted, block.columns);
    const values: Record<string, string | null> = {};
    for (const { name } of encoder.numeric) {
      const [number = NaN] = raw.numbers.get(name) ?? [];
      values[name] = Number.isNaN(number) ? null : String(number);
    }
    for (const { name } of encoder.categorical) {
      const { codes, values: texts } = raw.texts.get(name)!;
      values[name] = codes[0] === 0 ? null : texts.at(codes[0]! - 1);
    }
    Object.assign(values, await this.times(where));
    const { labels: of } = labels.labels(block.columns.slice(wanted.length), 1);
    const known = encoder.tasks.flatMap(({ name, classes, offset, factor }, task) => {
      const label = of[task]!;
      if (Number.isNaN(label)) return [];
      return [[name, classes?.[label] ?? formatMetric(label * factor + offset)] as const];
    });
    return { values, labels: Object.fromEntries(known) };
  }

  /** Dates and times as they are written, where encoders have seconds. */
  private async times(where: string): Promise<Record<string, string | null>> {
    const { db, table, encoder } = this;
    const times = encoder.numeric.filter(({ type }) => isTime(type)).map(({ name }) => name);
    if (times.length === 0) return {};
    const list = times.map((name, at) => `${quoted(sameColumn(table, name).name)}::varchar as c${at}`);
    const found = await db.row(`select ${list.join(', ')} from ${quoted(table.view)} where ${where}`);
    return Object.fromEntries(
      times.map((name, at) => {
        const value = found[`c${at}`];
        return [name, typeof value === 'string' ? value : null];
      }),
    );
  }

  close(): void {
    this.db.close();
  }
}
