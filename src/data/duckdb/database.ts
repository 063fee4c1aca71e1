import { DuckDBInstance, type DuckDBConnection, type DuckDBResult } from '@duckdb/node-api';
import { literal } from '../../shared/sql.js';
import { spillFolder } from './spill-folder.js';

/** A value of a small result; whole numbers beyond 32 bits come as texts, and so do nested values. */
export type Value = string | number | boolean | null;
export type Row = Record<string, Value>;

/**
 * An in-memory DuckDB that reads nothing but the workspace's folder: no other file, no network and no
 * extension. No statement can change that.
 */
export class Database {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    /** All connections to the instance: one that stays open would keep its memory. */
    private readonly connections: DuckDBConnection[],
  ) {}

  /** Connects again to the same database, for statements that run beside this one's; closed with this one. */
  async beside(): Promise<Database> {
    const connection = await this.instance.connect();
    this.connections.push(connection);
    await connection.run(useTables);
    return new Database(this.instance, connection, this.connections);
  }

  /** Opens a database. `workspace`: a real path (no symlinks); `writes`: files that may be written too. */
  static async open(workspace: string, writes: readonly string[] = []): Promise<Database> {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const settings = [
      "attach ':memory:' as tables (compress)",
      useTables,
      'set autoinstall_known_extensions = false',
      'set autoload_known_extensions = false',
      'set allow_community_extensions = false',
      `set allowed_directories = [${literal(workspace)}]`,
      `set allowed_paths = [${writes.map(literal).join(', ')}]`,
      `set temp_directory = ${literal(spillFolder())}`,
      'set enable_external_access = false',
      // Memory that one statement has freed is not kept for the next.
      "set allocator_flush_threshold = '1MB'",
      "set allocator_bulk_deallocation_flush_threshold = '1MB'",
      // DuckDB makes a join of "x in (…)" with six values or more, and does not keep the order of rows then.
      "set disabled_optimizers = 'in_clause'",
      'set lock_configuration = true',
    ];
    for (const setting of settings) await connection.run(setting);
    return new Database(instance, connection, [connection]);
  }

  async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  /** Returns the rows of a small result. */
  async rows(sql: string): Promise<Row[]> {
    const reader = await this.connection.runAndReadAll(sql);
    return reader
      .getRowObjectsJson()
      .map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([key, value]) => [
            key,
            typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
          ]),
        ),
      );
  }

  /** Returns the first row of a small result. */
  async row(sql: string): Promise<Row> {
    const [first] = await this.rows(sql);
    if (first === undefined) throw new Error(`no row from: ${sql}`);
    return first;
  }

  /** Returns a large result, which is read chunk by chunk, in the order of the rows. */
  stream(sql: string): Promise<DuckDBResult> {
    return this.connection.stream(sql);
  }

  /** Returns an appender of whole chunks to a table. */
  appender(table: string): ReturnType<DuckDBConnection['createAppender']> {
    return this.connection.createAppender(table);
  }

  /**
   * Packs the rows of all tables: a column of codes or small numbers takes a fraction of its memory then.
   * This waits for the statements that run beside it, because DuckDB refuses a plain checkpoint while any of
   * them runs.
   */
  async pack(): Promise<void> {
    await this.connection.run('force checkpoint');
  }

  /** Ends the statements that run; they throw. */
  interrupt(): void {
    for (const connection of this.connections) connection.interrupt();
  }

  close(): void {
    for (const connection of this.connections) connection.closeSync();
    this.instance.closeSync();
  }
}

/**
 * Selects the database of packed tables; a connection begins in another one, which DuckDB opens by itself.
 */
const useTables = 'use tables';

/** Returns a count from a small result as a number; 0 where there is none. */
export const countOf = (value: Value | undefined): number => Number(value ?? 0);

/** Returns the first line of an error's message: DuckDB's messages go on with advice about SQL. */
export const firstLineOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
