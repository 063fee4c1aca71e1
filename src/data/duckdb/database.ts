import { rmSync } from 'node:fs';
import { DuckDBInstance, type DuckDBConnection, type DuckDBResult } from '@duckdb/node-api';
import { literal } from '../../shared/sql.js';
import { spillFolder } from './spill-folder.js';

/** A value of a small result; whole numbers beyond 32 bits come as texts, and so do nested values. */
export type Value = string | number | boolean | null;
export type Row = Record<string, Value>;

/**
 * A DuckDB of its own, in memory, that reads nothing but the workspace's folder: no other file, no network and
 * no extension. No statement can change that.
 */
export class Database {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    /** All connections to the instance: one that stays open would keep its memory. */
    private readonly connections: DuckDBConnection[],
    private readonly place: Place,
  ) {}

  /** Connects again to the same database, for statements that run beside this one's; closed with this one. */
  async beside(): Promise<Database> {
    const connection = await this.instance.connect();
    this.connections.push(connection);
    await connection.run(`use ${this.place.name}`);
    return new Database(this.instance, connection, this.connections, this.place);
  }

  /** Opens a database. `workspace`: a real path (no symlinks); `writes`: files that may be written too. */
  static async open(workspace: string, writes: readonly string[] = []): Promise<Database> {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const folder = spillFolder();
    const place: Place = { name: 'tables', file: `${folder}.tables`, isTaken: false };
    const settings = [
      "attach ':memory:' as tables (compress)",
      // A connection begins in another database, which DuckDB opens by itself.
      `use ${place.name}`,
      'set autoinstall_known_extensions = false',
      'set autoload_known_extensions = false',
      'set allow_community_extensions = false',
      `set allowed_directories = [${literal(workspace)}]`,
      `set allowed_paths = [${[...writes, ...filesOf(place)].map(literal).join(', ')}]`,
      `set temp_directory = ${literal(folder)}`,
      'set enable_external_access = false',
      // Memory that one statement has freed is not kept for the next.
      "set allocator_flush_threshold = '1MB'",
      // Twice what a small table of different values takes: to give back each of many takes longer than to fill it.
      "set allocator_bulk_deallocation_flush_threshold = '8MB'",
      // DuckDB makes a join of "x in (…)" with six values or more, and does not keep the order of rows then.
      "set disabled_optimizers = 'in_clause'",
      "set allowed_configs = ['memory_limit', 'threads']",
      'set lock_configuration = true',
    ];
    for (const setting of settings) await connection.run(setting);
    return new Database(instance, connection, [connection], place);
  }

  /**
   * To be called before a table of so many columns is made. If it is the first one, and has very many, all
   * tables are kept in a file, and little of them in memory: each column of a table in memory takes 256 kB for
   * every 100,000 rows or fewer, and a table is only packed when all of it is there. The file has no name any
   * more once it is open, so that nothing stays of it, however the program ends; on Windows it is removed at
   * the end.
   */
  async makeRoom(columns: number): Promise<void> {
    const { place } = this;
    if (place.isTaken) return;
    place.isTaken = true;
    if (!isWide(columns)) return;
    await this.moveToFile(columns);
  }

  /** Keeps all tables in a file, and little of them in memory; to be called before any is made. */
  async keepInFile(): Promise<void> {
    this.place.isTaken = true;
    this.place.name = 'long';
    await this.takeFile(streamedMemory, `recovery_mode no_wal_writes`);
  }

  private async moveToFile(columns: number): Promise<void> {
    this.place.name = 'wide';
    // Each thread has some thousand rows of all columns at a time, several times.
    const { threads } = await this.row("select current_setting('threads') as threads");
    const fewer = Math.max(1, Math.min(countOf(threads), Math.floor(columnsOfThreads / columns)));
    const rowsTogether =
      vectorRows * Math.max(1, Math.min(5, Math.floor(valuesTogether / columns / vectorRows)));
    await this.run(`set threads = ${fewer}`);
    await this.takeFile(
      Math.max(800, Math.ceil(columns / 10)),
      `block_size 16384, row_group_size ${rowsTogether}, recovery_mode no_wal_writes`,
    );
  }

  private async takeFile(megabytes: number, options: string): Promise<void> {
    const { file, name } = this.place;
    for (const statement of [
      `set memory_limit = '${megabytes}MB'`,
      `attach ${literal(file)} as ${name} (${options})`,
      `use ${name}`,
    ])
      await this.run(statement);
    removeFile(file);
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
    removeFile(this.place.file);
  }
}

/** Where tables are kept. */
interface Place {
  /** The name of the database that has them. */
  name: string;
  /** The file for very wide tables. */
  readonly file: string;
  /** Whether there are tables already. */
  isTaken: boolean;
}

/** So many megabytes are taken for tables that are read once and in order. */
const streamedMemory = 800;

/** Whether a table has so many columns that it is kept in a file. */
export const isWide = (columns: number): boolean => columns > 256;

/** So many columns may all threads together work on at once. */
const columnsOfThreads = 4000;
/** DuckDB works on so many rows at a time. */
const vectorRows = 2048;
/** So many values of a wide table are packed together, and are in memory until then, with 8 bytes each. */
const valuesTogether = 32e6;

/** The files that DuckDB asks for beside a database's own; it writes none of them here. */
const filesOf = ({ file }: Place): string[] =>
  ['', '.wal', '.wal.checkpoint', '.wal.recovery'].map((ending) => `${file}${ending}`);

function removeFile(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Windows removes no file that is open.
  }
}

/** Returns a count from a small result as a number; 0 where there is none. */
export const countOf = (value: Value | undefined): number => Number(value ?? 0);

/** Returns the first line of an error's message: DuckDB's messages go on with advice about SQL. */
export const firstLineOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
