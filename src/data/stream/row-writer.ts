import { fsyncSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { EncodedRows } from '../../network/encoded-rows.js';
import type { PartName } from '../decide/split.js';
import { emptyRows } from '../encode/empty-rows.js';
import { jsonPieces, type Encoder } from '../encode/encoder.js';
import {
  arraysOf,
  blockRowsOf,
  bytesOf,
  fileVersion,
  headBytes,
  mark,
  rowBytesOf,
  shapeOf,
  type Footer,
  type PartInFile,
  type RowShape,
} from './layout.js';

/** A part as it is written. */
interface WrittenPart {
  readonly shape: RowShape;
  /** The block that is being filled, and its rows. */
  readonly block: EncodedRows;
  filled: number;
  readonly known: PartInFile;
}

/** Writes a file of streamed rows: rows come in their order, by part. It is no such file before `finish`. */
export class RowWriter {
  private at = headBytes;
  private readonly parts = new Map<PartName, WrittenPart>();
  readonly blockRows: number;

  /** `file`: open and empty. */
  constructor(
    readonly file: number,
    encoder: Encoder,
    parts: readonly { readonly part: PartName; readonly weighted: boolean; readonly taught: boolean }[],
  ) {
    const shapes = parts.map((one) => shapeOf(encoder, one));
    this.blockRows = blockRowsOf(Math.max(...shapes.map(rowBytesOf)));
    const blocks = emptyRows(
      encoder,
      parts.map(({ weighted, taught }) => ({ rows: this.blockRows, weighted, taught })),
    );
    parts.forEach(({ part, weighted, taught }, i) =>
      this.parts.set(part, {
        shape: shapes[i]!,
        block: blocks[i]!,
        filled: 0,
        known: { rows: 0, weighted, taught, offsets: [], checksums: [] },
      }),
    );
  }

  append(part: PartName, rows: EncodedRows): void {
    const written = this.parts.get(part)!;
    const from = arraysOf(rows, written.shape);
    const into = arraysOf(written.block, written.shape);
    for (let row = 0; row < rows.rows;) {
      const count = Math.min(rows.rows - row, this.blockRows - written.filled);
      from.forEach((array, i) => bytesOf(into[i]!, written.filled, count).set(bytesOf(array, row, count)));
      written.filled += count;
      row += count;
      if (written.filled === this.blockRows) this.flush(written);
    }
  }

  /** Writes what is left of all parts, and returns the parts. */
  end(): Pick<Footer, PartName> {
    for (const part of this.parts.values()) this.flush(part);
    return {
      train: this.parts.get('train')!.known,
      validation: this.parts.get('validation')?.known ?? null,
      test: this.parts.get('test')?.known ?? null,
    };
  }

  /** Writes the footer and then the head, by which the file becomes one of rows. */
  finish(footer: Footer): void {
    const text = Buffer.concat(Array.from(jsonPieces(footer), (piece) => Buffer.from(piece)));
    writeAll(this.file, text, this.at);
    const head = Buffer.alloc(headBytes);
    head.write(mark, 'latin1');
    head.writeUInt32LE(fileVersion, 8);
    head.writeUInt32LE(crc32(text), 12);
    head.writeBigUInt64LE(BigInt(this.at), 16);
    head.writeBigUInt64LE(BigInt(text.length), 24);
    fsyncSync(this.file);
    writeAll(this.file, head, 0);
    fsyncSync(this.file);
  }

  private flush(part: WrittenPart): void {
    const { filled, block, shape, known } = part;
    if (filled === 0) return;
    const arrays = arraysOf(block, shape).map((array) => bytesOf(array, 0, filled));
    known.offsets.push(this.at);
    known.checksums.push(arrays.reduce((sum, bytes) => crc32(bytes, sum), 0));
    known.rows += filled;
    for (const bytes of arrays) {
      writeAll(this.file, bytes, this.at);
      this.at += bytes.length;
    }
    part.filled = 0;
  }
}

/** Writes bytes from a place of a file on. Throws the file system's errors, such as ENOSPC. */
function writeAll(file: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(file, bytes, done, Math.min(2 ** 28, bytes.length - done), at + done);
}
