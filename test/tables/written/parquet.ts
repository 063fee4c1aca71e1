import {
  BIGINT,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  FLOAT,
  INTEGER,
  SMALLINT,
  TIMESTAMP,
  TIMESTAMPTZ,
  TIMESTAMP_MS,
  TIMESTAMP_NS,
  TIMESTAMP_S,
  TINYINT,
  UBIGINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { literal, quoted } from '../../../src/shared/sql.js';
import type { Cell, Column, RowRange } from '../table.js';

export interface ParquetStyle {
  /** The type of whole numbers: the smallest that holds those of the file, or one of 64 bits and more. */
  readonly whole: 'smallest' | 'large';
  /** Whether decimals are stored as such, or as doubles. */
  readonly decimal: 'decimal' | 'double';
  /** The unit of moments without a zone; a finer one where their values need it. */
  readonly unit: 's' | 'ms' | 'us' | 'ns';
  /** The type of a column that has no value in a file: pandas cannot know it, either. */
  readonly nothing: 'as elsewhere' | 'integer';
  readonly codec: 'snappy' | 'zstd' | 'gzip' | 'uncompressed';
}

/** How a column is stored in one file. */
interface Stored {
  readonly type: DuckDBType;
  readonly value: (cell: Exclude<Cell, null>) => DuckDBValue;
}

/** Writes Parquet files with DuckDB, from typed values; nothing is detected on the way. */
export class ParquetWriter {
  private written = 0;

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
  ) {}

  static async open(): Promise<ParquetWriter> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    return new ParquetWriter(instance, await instance.connect());
  }

  async write(
    path: string,
    columns: readonly Column[],
    { first, rows }: RowRange,
    style: ParquetStyle,
  ): Promise<void> {
    const cut = columns.map((column) => ({ column, cells: column.cells.slice(first, first + rows) }));
    const stored = cut.map(({ column, cells }) => storedAs(column, cells, style));
    const { connection } = this;
    // A check that ran out of time may still write.
    const table = `t${this.written++}`;
    await connection.run(
      `create table ${table} (${stored.map(({ type }, i) => `c${i} ${type.toString()}`).join(', ')})`,
    );
    const appender = await connection.createAppender(table);
    const size = 2048;
    for (let from = 0; from < rows; from += size) {
      const chunk = DuckDBDataChunk.create(stored.map(({ type }) => type));
      chunk.setColumns(
        cut.map(({ cells }, i) =>
          cells.slice(from, from + size).map((cell) => (cell === null ? null : stored[i]!.value(cell))),
        ),
      );
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
    const names = columns.map(({ name }, i) => `c${i} as ${quoted(name)}`).join(', ');
    const codec = `compression ${literal(style.codec)}`;
    await connection.run(
      `copy (select ${names} from ${table}) to ${literal(path)} (format parquet, ${codec})`,
    );
    await connection.run(`drop table ${table}`);
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

function storedAs({ type, cells: all }: Column, cells: readonly Cell[], style: ParquetStyle): Stored {
  const known = cells.filter((cell) => cell !== null);
  if (known.length === 0 && style.nothing === 'integer') return { type: INTEGER, value: () => null };
  switch (type.kind) {
    case 'truth':
      return { type: BOOLEAN, value: (cell) => cell };
    case 'whole':
      return storedWhole(style.whole === 'smallest' ? bigints(known) : bigints(all), style);
    case 'real': {
      const isSingle = known.every((cell) => Math.fround(cell as number) === cell);
      return { type: isSingle && style.whole === 'smallest' ? FLOAT : DOUBLE, value: (cell) => cell };
    }
    case 'decimal': {
      const { width, scale } = type;
      return style.decimal === 'double'
        ? { type: DOUBLE, value: (cell) => Number(`${String(cell)}e-${scale}`) }
        : {
            type: DECIMAL(width, scale),
            value: (cell) => new DuckDBDecimalValue(cell as bigint, width, scale),
          };
    }
    case 'date':
      return { type: DATE, value: (cell) => new DuckDBDateValue(Number(cell)) };
    case 'moment':
      return type.zone
        ? { type: TIMESTAMPTZ, value: (cell) => new DuckDBTimestampTZValue(cell as bigint) }
        : storedMoment(bigints(known), style.unit);
    case 'text':
      return { type: VARCHAR, value: (cell) => cell };
  }
}

const bigints = (cells: readonly Cell[]): bigint[] => cells.filter((cell) => typeof cell === 'bigint');

const wholeTypes = [
  { type: UTINYINT, low: 0n, high: 2n ** 8n, large: false },
  { type: TINYINT, low: -(2n ** 7n), high: 2n ** 7n, large: false },
  { type: USMALLINT, low: 0n, high: 2n ** 16n, large: false },
  { type: SMALLINT, low: -(2n ** 15n), high: 2n ** 15n, large: false },
  { type: UINTEGER, low: 0n, high: 2n ** 32n, large: false },
  { type: INTEGER, low: -(2n ** 31n), high: 2n ** 31n, large: false },
  { type: BIGINT, low: -(2n ** 63n), high: 2n ** 63n, large: true },
  { type: UBIGINT, low: 0n, high: 2n ** 64n, large: true },
];

function storedWhole(values: readonly bigint[], style: ParquetStyle): Stored {
  const fitting = wholeTypes.find(
    ({ low, high, large }) =>
      (large || style.whole === 'smallest') && values.every((value) => value >= low && value < high),
  );
  // Parquet has no whole numbers of more than 64 bits; a decimal has up to 38 digits.
  if (fitting === undefined)
    return { type: DECIMAL(38, 0), value: (cell) => new DuckDBDecimalValue(cell as bigint, 38, 0) };
  const isBig = fitting.large;
  return { type: fitting.type, value: (cell) => (isBig ? cell : Number(cell)) };
}

function storedMoment(values: readonly bigint[], unit: ParquetStyle['unit']): Stored {
  const isWhole = (microseconds: bigint): boolean => values.every((value) => value % microseconds === 0n);
  if (unit === 's' && isWhole(1_000_000n))
    return { type: TIMESTAMP_S, value: (cell) => new DuckDBTimestampSecondsValue(BigInt(cell) / 1_000_000n) };
  if (unit === 'ms' && isWhole(1000n))
    return {
      type: TIMESTAMP_MS,
      value: (cell) => new DuckDBTimestampMillisecondsValue(BigInt(cell) / 1000n),
    };
  if (unit === 'ns')
    return { type: TIMESTAMP_NS, value: (cell) => new DuckDBTimestampNanosecondsValue(BigInt(cell) * 1000n) };
  return { type: TIMESTAMP, value: (cell) => new DuckDBTimestampValue(BigInt(cell)) };
}
