import { fstatSync, read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import * as v from 'valibot';
import type { EncodedRows } from '../../network/encoded-rows.js';
import type { StreamedRows } from '../../network/streamed-rows.js';
import type { WorkError } from '../../shared/errors.js';
import { emptyRows } from '../encode/empty-rows.js';
import type { Encoder } from '../encode/encoder.js';
import {
  arraysOf,
  bytesOf,
  fileVersion,
  footerSchema,
  headBytes,
  mark,
  rowBytesOf,
  shapeOf,
  type Footer,
  type PartInFile,
  type RowShape,
} from './layout.js';

const readLater = promisify(read);

/** Returns what a file of streamed rows holds; null: it is none, not whole, or damaged at its head or end. */
export function readFooter(file: number): Footer | null {
  const head = Buffer.alloc(headBytes);
  if (!fill(file, head, 0)) return null;
  const { size } = fstatSync(file);
  const [at, length] = [Number(head.readBigUInt64LE(16)), Number(head.readBigUInt64LE(24))];
  if (head.toString('latin1', 0, mark.length) !== mark || head.readUInt32LE(8) !== fileVersion) return null;
  if (at + length !== size || length > 2 ** 30) return null;
  const text = Buffer.alloc(length);
  if (!fill(file, text, at) || crc32(text) !== head.readUInt32LE(12)) return null;
  try {
    const footer = v.parse(footerSchema, JSON.parse(text.toString('utf8')));
    const parts = [footer.train, footer.validation, footer.test].filter((part) => part !== null);
    return parts.every((part) => isWithin(part, footer, at)) ? footer : null;
  } catch {
    return null;
  }
}

/** Whether all blocks of a part lie between the head and the footer, and are as many as its rows need. */
function isWithin({ rows, offsets, checksums, ...kind }: PartInFile, footer: Footer, end: number): boolean {
  const { blockRows, encoder } = footer;
  const rowBytes = rowBytesOf(shapeOf(encoder, kind));
  if (offsets.length !== Math.ceil(rows / blockRows) || checksums.length !== offsets.length) return false;
  return offsets.every((offset, block) => {
    const has = Math.min(blockRows, rows - block * blockRows);
    return offset >= headBytes && offset + has * rowBytes <= end;
  });
}

function fill(file: number, bytes: Buffer, at: number): boolean {
  for (let done = 0; done < bytes.length;) {
    const count = readSync(file, bytes, done, Math.min(2 ** 28, bytes.length - done), at + done);
    if (count === 0) return false;
    done += count;
  }
  return true;
}

/** A part of a file of streamed rows. Every block that is read is held against its checksum. */
export class RowsOfFile implements StreamedRows {
  readonly rows: number;
  readonly rowBytes: number;
  private readonly shape: RowShape;
  /** Room for blocks, of those that are read at once. */
  private readonly spare: Buffer[] = [];

  constructor(
    private readonly file: number,
    private readonly encoder: Encoder,
    readonly blockRows: number,
    private readonly part: PartInFile,
    /** Returns the error for a block that is not what was written. */
    private readonly damaged: () => WorkError,
  ) {
    this.rows = part.rows;
    this.shape = shapeOf(encoder, part);
    this.rowBytes = rowBytesOf(this.shape);
  }

  room(rows: number): EncodedRows {
    const { weighted, taught } = this.part;
    return emptyRows(this.encoder, [{ rows, weighted, taught }])[0]!;
  }

  async read(first: number, count: number, into: EncodedRows, at: number): Promise<void> {
    const { blockRows } = this;
    const arrays = arraysOf(into, this.shape);
    for (let row = first; row < first + count;) {
      const block = Math.floor(row / blockRows);
      const from = row - block * blockRows;
      const has = this.rowsOf(block);
      const taken = Math.min(has - from, first + count - row);
      const bytes = this.spare.pop() ?? Buffer.allocUnsafeSlow(blockRows * this.rowBytes);
      await this.readBlock(block, bytes.subarray(0, has * this.rowBytes));
      let start = 0;
      for (const array of arrays) {
        const width = 4 * array.width;
        bytesOf(array, at + row - first, taken).set(
          bytes.subarray(start + from * width, start + (from + taken) * width),
        );
        start += has * width;
      }
      this.spare.push(bytes);
      row += taken;
    }
  }

  private async readBlock(block: number, bytes: Buffer): Promise<void> {
    const offset = this.part.offsets[block]!;
    for (let done = 0; done < bytes.length;) {
      const { bytesRead } = await readLater(this.file, bytes, done, bytes.length - done, offset + done);
      if (bytesRead === 0) throw this.damaged();
      done += bytesRead;
    }
    if (crc32(bytes) !== this.part.checksums[block]) throw this.damaged();
  }

  /** The bytes of all rows' arrays, one array after the other, as if they lay in memory; each is good until the next. */
  *bytes(): Generator<Uint8Array> {
    const { numeric, categorical, labels, targets, weights } = this.shape;
    const room = Buffer.allocUnsafeSlow(this.blockRows * this.rowBytes);
    let before = 0;
    for (const width of [numeric, categorical, labels, targets, weights]) {
      for (const [block, offset] of this.part.offsets.entries()) {
        const has = this.rowsOf(block);
        const own = room.subarray(0, 4 * width * has);
        if (!fill(this.file, own, offset + 4 * before * has)) throw this.damaged();
        yield own;
      }
      before += width;
    }
  }

  private rowsOf(block: number): number {
    return Math.min(this.blockRows, this.rows - block * this.blockRows);
  }
}
