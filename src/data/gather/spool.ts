import { readSync, writeSync } from 'node:fs';
import type { Feature } from '../decide/plan-columns.js';
import type { Items } from '../duckdb/vector.js';
import type { Wanted } from '../read/table/wanted.js';
import { rawColumns } from './feature-columns.js';
import { emptyLike, type ReadRows } from './read-columns.js';
import type { Columns, RawColumns, RawTexts } from './selection-rows.js';

/**
 * A file in which rows wait, block after block, until the encoder has learned from all of them. It is read by the
 * process that writes it, and by nobody else.
 */
export class Spool {
  private at = 0;

  /** `file`: open, empty, to be read and written. */
  constructor(private readonly file: number) {}

  /** Writes the features of a block, which are its first columns, and returns them to be read again. */
  add({ rows, columns }: ReadRows, features: readonly Feature[], wanted: readonly Wanted[]): RawColumns {
    const places = features.map((_, i) => this.write(columns[i]!));
    const read = (i: number): Items => this.read(places[i]!);
    const names = new Map(features.map(({ name }, i) => [name, i]));
    const held = (): RawColumns =>
      rawColumns(
        rows,
        features,
        wanted,
        features.map((_, i) => read(i)),
      );
    const one = (name: string): RawColumns | null => {
      const i = names.get(name);
      return i === undefined ? null : rawColumns(rows, [features[i]!], [wanted[i]!], [read(i)]);
    };
    const numbers: Columns<Items> = { get: (name) => one(name)?.numbers.get(name) };
    const texts: Columns<RawTexts> = { get: (name) => one(name)?.texts.get(name) };
    return { rows, numbers, texts, held, free: () => undefined };
  }

  private write(items: Items): Place {
    const bytes = new Uint8Array(items.buffer, items.byteOffset, items.byteLength);
    const place = { at: this.at, like: items.subarray(0, 0), length: items.length };
    for (let done = 0; done < bytes.length;)
      done += writeSync(this.file, bytes, done, bytes.length - done, this.at + done);
    this.at += bytes.length;
    return place;
  }

  private read({ at, like, length }: Place): Items {
    const items = emptyLike(like, length);
    const bytes = new Uint8Array(items.buffer);
    for (let done = 0; done < bytes.length;) {
      const count = readSync(this.file, bytes, done, bytes.length - done, at + done);
      if (count === 0) throw new Error('the file in which rows wait has become shorter');
      done += count;
    }
    return items;
  }
}

interface Place {
  readonly at: number;
  readonly like: Items;
  readonly length: number;
}
