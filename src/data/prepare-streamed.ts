import { closeSync, statSync } from 'node:fs';
import { ExperimentError } from '../experiment/experiment-error.js';
import type { Experiment } from '../experiment/schema.js';
import { releaseMemory } from '../memory/release.js';
import { formatBytes } from '../shared/numbers.js';
import { quoted } from '../shared/sql.js';
import type { DataPlan, Decided } from './decide/data-plan.js';
import { countOf, type Database } from './duckdb/database.js';
import type { Encoder } from './encode/encoder.js';
import { farOutsideWarnings } from './encode/outside.js';
import { fingerprintOf } from './encode/fingerprint.js';
import { fitEncoder, withScales } from './encode/fit-encoder.js';
import { gatherRows } from './gather/gather-rows.js';
import type { SelectionRows } from './gather/selection-rows.js';
import { Spool } from './gather/spool.js';
import { countLabels, noLabels } from './label-counts.js';
import { findLeaks, sharedIdWarnings } from './leaks.js';
import type { DataOptions } from './options.js';
import type { PreparedData } from './prepared.js';
import { namedFiles } from './read/files/sql-source.js';
import type { Folders } from './read/files/source-files.js';
import { sourcesOf } from './read/sources.js';
import { keyOf, remove, RowCache, type CacheFile, type MadeFile } from './stream/cache.js';
import { encodeToFile, partsToWrite } from './stream/encode-to-file.js';
import { fileVersion, type Footer } from './stream/layout.js';
import { dataInFile, partsInFile } from './stream/data-in-file.js';
import { RowWriter } from './stream/row-writer.js';
import { hashesOf, type SourceFile } from './stream/verification.js';

/** Encoded rows that have more bytes stay in a file, unless `data.stream` says something else. */
const mostInMemory = 2e9;
/** Files of more bytes may hold so many rows: their tables are kept in a file from the start. */
const largeFiles = 1e9;
/** So many numbers of a column are sorted at most to learn from them. */
const sortedAtOnce = 2 ** 24;

/** Where the encoded rows of an experiment are kept, if they stay in a file. */
export class RowStore {
  /** What the files have in them, for when the rows are used again; null: they have changed while they were read. */
  private hashes: Promise<SourceFile[] | null> = Promise.resolve(null);

  private constructor(
    private readonly experiment: Experiment,
    private readonly cache: RowCache,
    private readonly files: readonly string[],
    /** Null: what the rows follow from is not known, so they are not kept. */
    private readonly file: CacheFile | null,
    /** Whether the tables are likely to be so large that they are best kept in a file. */
    readonly isLarge: boolean,
    private readonly earlier: Encoder | undefined,
  ) {}

  static async open(
    experiment: Experiment,
    db: Database,
    folders: Folders,
    { earlier }: DataOptions,
  ): Promise<RowStore> {
    const { stream } = experiment.data;
    const files = stream === false ? [] : await filesOf(experiment, db, folders);
    const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0);
    const isLarge = stream === true || bytes > largeFiles;
    const options = { workspace: folders.workspace, ...(earlier !== undefined && { earlier }) };
    return RowStore.of(experiment, options, files, isLarge);
  }

  /** The store of rows that are drawn, and no files are read for. */
  static of(
    experiment: Experiment,
    { workspace, earlier }: Pick<DataOptions, 'workspace' | 'earlier'>,
    files: readonly string[] = [],
    isLarge = false,
  ): RowStore {
    const cache = new RowCache(workspace);
    const key = keyOf(experiment, files, earlier);
    return new RowStore(experiment, cache, files, key === null ? null : cache.fileOf(key), isLarge, earlier);
  }

  /** Whether rows that are drawn stay in a file. */
  streamsDrawn(plan: Decided, rows: number): boolean {
    const { stream } = this.experiment.data;
    // Lists of several values lie in memory, beside the rows.
    if (plan.columns.some((column) => column.use === 'categorical' && column.set !== null)) return false;
    return stream === true || (stream !== false && this.bytesOf(plan, rows) > mostInMemory);
  }

  /** Whether the rows of tables stay in a file. */
  async streams(db: Database, plan: DataPlan): Promise<boolean> {
    const most = plan.selections.reduce((sum, { table }) => sum + table.rows, 0);
    return this.streamsDrawn(plan, most) && this.streamsDrawn(plan, await selectedRows(db, plan));
  }

  private bytesOf(plan: Decided, rows: number): number {
    return 4 * rows * valuesOf(plan, this.experiment, rows);
  }

  /** Returns the rows that are kept from before; null: they are not there, or not whole. */
  kept(): PreparedData | null {
    if (this.file === null) return null;
    const { path } = this.file;
    const opened = this.cache.open(path);
    if (opened === null) return null;
    const data = this.opened(opened, this.file, this.files);
    if (data === null) {
      closeSync(opened);
      this.cache.closed(this.file);
      remove(path);
    }
    return data;
  }

  /** Returns the rows of an open file of the cache. */
  private opened(
    file: number,
    kept: CacheFile | null,
    usedAgain: readonly string[] | null,
  ): PreparedData | null {
    const { window } = this.experiment.data;
    if (kept === null) return dataInFile(file, { window });
    const { path } = kept;
    return dataInFile(file, {
      ...{ window, path, usedAgain },
      onDamaged: () => remove(path),
      onClose: () => this.cache.closed(kept),
    });
  }

  /** Makes the rows, unless another program is making them just now. */
  async alone(
    make: () => Promise<PreparedData>,
    /** Is told of rows that another program has made. */
    known: (data: PreparedData) => PreparedData,
    { onProgress = () => undefined }: DataOptions,
  ): Promise<PreparedData> {
    if (this.file === null) return make();
    return this.cache.alone(this.file, {
      isThere: () => {
        const kept = this.kept();
        return kept && known(kept);
      },
      onWait: () => onProgress('Waiting for another program that encodes these rows'),
      make,
    });
  }

  /** Gathers the rows of a plan, whose features wait in a file. */
  async gather(
    db: Database,
    plan: DataPlan,
    options: DataOptions,
  ): Promise<{ selections: SelectionRows[]; waiting: MadeFile }> {
    const bytes = this.bytesOf(plan, await selectedRows(db, plan));
    // What waits is as large as what is encoded, or smaller; the database has the table besides.
    const besides =
      ', and while they are encoded as much again there, and the table in the folder for temporary files';
    this.announce({ bytes, room: 2 * bytes, besides }, options);
    // Read once more while they are in the system's memory.
    if (this.file !== null) this.hashes = hashesOf(this.files);
    const waiting = this.cache.make(true);
    try {
      const selections = await gatherRows(db, plan, new Spool(waiting.file));
      return { selections, waiting };
    } catch (error) {
      waiting.discard();
      throw error;
    }
  }

  /** Encodes drawn rows into a file. */
  async drawn(
    plan: Decided,
    selections: readonly SelectionRows[],
    options: DataOptions,
  ): Promise<PreparedData> {
    const bytes = this.bytesOf(plan, selections[0]!.rows);
    this.announce({ bytes, room: bytes, besides: '' }, options);
    return this.encode(plan, selections);
  }

  /** Says what will be written to the disk. Throws an error where there is no room, or nobody has asked for it. */
  private announce(
    { bytes, room, besides }: { readonly bytes: number; readonly room: number; readonly besides: string },
    { onNote = () => undefined, isUnasked = false }: DataOptions,
  ): void {
    if (isUnasked) throw unaskedRows(bytes);
    this.cache.requireRoom(room);
    const kept = this.file === null ? 'until it ends' : 'for the next training, too (mmoe cache)';
    onNote(
      `the rows stay on the disk: about ${formatBytes(bytes)} in ${this.cache.folder}, ${kept}${besides}`,
    );
  }

  /** Encodes rows into a file. */
  async encode(plan: Decided, selections: readonly SelectionRows[]): Promise<PreparedData> {
    const { experiment, cache, file } = this;
    const fitted = fitEncoder(plan, selections, experiment, {
      mostAtOnce: sortedAtOnce,
      earlier: this.earlier,
    });
    const { encoder, warnings } = fitted;
    await releaseMemory();
    const made = cache.make(file === null);
    try {
      const parts = partsToWrite(fitted, selections);
      const labels = noLabels(encoder.tasks.length);
      const writer = new RowWriter(made.file, encoder, parts);
      const outside = await encodeToFile(fitted, parts, selections, {
        append(part, rows) {
          countLabels(labels, part, rows);
          writer.append(part, rows);
        },
      });
      const written = writer.end();
      const rows = partsInFile(made.file, { encoder, blockRows: writer.blockRows, ...written });
      const fingerprint = fingerprintOf(
        encoder,
        [rows.train, rows.validation, rows.test].map(
          (part) => part && { rows: part.rows, bytes: part.bytes() },
        ),
      );
      const sources = await this.hashes;
      const footer: Footer = {
        format: fileVersion,
        source: plan.selections[0]!.table.title,
        ...(sources !== null && { sources }),
        fingerprint,
        encoder,
        outside,
        vocabularies: [...fitted.vocabularies],
        warnings: [...warnings, ...farOutsideWarnings(outside)],
        columns: plan.columns.map(({ name, type, use, why }) => ({ name, type, use, why })),
        labels,
        leaks: await findLeaks({ encoder, tasks: encoder.tasks, train: rows.train }),
        sharedIds: [...(await sharedIdWarnings({ encoder, ...rows }))],
        blockRows: writer.blockRows,
        ...written,
      };
      writer.finish(footer);
      return this.opened(made.file, this.keep(made.path), null)!;
    } catch (error) {
      made.discard();
      throw error;
    }
  }

  /** Keeps a file for the next training; returns where, or null: what it follows from has changed meanwhile. */
  private keep(path: string | null): CacheFile | null {
    if (path === null || this.file === null) return null;
    if (keyOf(this.experiment, this.files, this.earlier) === this.file.key) {
      this.cache.keep(path, this.file);
      return this.file;
    }
    remove(path);
    return null;
  }
}

/** The code of the error for rows that would be written to the disk, where nobody has asked for them. */
export const unaskedCode = 'data.stream-unasked';

const unaskedRows = (bytes: number): ExperimentError =>
  new ExperimentError(
    unaskedCode,
    `these rows stay on the disk, about ${formatBytes(bytes)}, and are not written there unasked: what follows from ` +
      'all of them is not checked here; mmoe check in a terminal does so, and keeps them for the next training',
    ['data', 'source'],
  );

/** Returns the files that an experiment reads; none where one is not to be had, which is told when it is read. */
async function filesOf(experiment: Experiment, db: Database, folders: Folders): Promise<string[]> {
  try {
    const found = sourcesOf(experiment).map((source) => namedFiles(db, source, folders));
    const files = await Promise.all(found);
    return files.some((one) => one.length === 0) ? [] : files.flat();
  } catch {
    return [];
  }
}

/** Returns how many rows are selected. */
async function selectedRows(db: Database, { selections }: DataPlan): Promise<number> {
  let rows = 0;
  for (const { table, where } of selections) {
    if (where === null) rows += table.rows;
    else
      rows += countOf((await db.row(`select count(*) as n from ${quoted(table.view)} where ${where}`))['n']);
  }
  return rows;
}

/**
 * Returns how many values each row has, as they are counted for `data.stream`: features and what stands beside
 * numbers, labels, the weight.
 */
function valuesOf(
  { columns, labels }: Pick<Decided, 'columns' | 'labels'>,
  experiment: Experiment,
  rows: number,
): number {
  const features = withScales(columns, experiment, rows).map((column) => {
    if (column.use !== 'numeric') return column.use === 'categorical' ? 1 : 0;
    const { bins, piecewise, values } = column.scale;
    return 1 + [bins, piecewise, values].filter((beside) => beside !== undefined).length;
  });
  const all = features.reduce((sum: number, values) => sum + values, labels.length);
  return all + (experiment.data.weight === undefined ? 0 : 1);
}
