import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '../../../shared/errors.js';

/**
 * The depth that records may have. DuckDB takes minutes for a few hundred levels, and its stack ends at some
 * thousands, with the whole program.
 */
const deepest = 100;

const [quote, backslash, newline, open, close, openList, closeList] = [...Buffer.from('"\\\n{}[]')] as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** Whether a byte says anything of depth or line, by byte; most do not. */
const speaks = new Uint8Array(256);
for (const byte of [quote, backslash, newline, open, close, openList, closeList]) speaks[byte] = 1;

/** Throws an InputError for JSON that is nested deeper than it can be read. */
export async function checkJsonDepth(file: string): Promise<void> {
  const bytes = createReadStream(file, { highWaterMark: 1 << 20 });
  const chunks = file.toLowerCase().endsWith('.gz')
    ? pipeline(bytes, createGunzip({ chunkSize: 1 << 20 }), () => undefined)
    : bytes;
  const depth = new JsonDepth();
  try {
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      const line = depth.tooDeepIn(chunk);
      if (line === null) continue;
      const message = `this line is nested deeper than ${deepest} levels; flatten it`;
      throw new InputError('data.too-deep', message, { file, line });
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    // A file that cannot be unpacked is told of where it is read.
  } finally {
    bytes.destroy();
  }
}

/** Follows how deep a JSON text is nested, chunk by chunk. */
class JsonDepth {
  private depth = 0;
  private line = 1;
  private inText = false;
  private escaped = false;

  /** Returns the line of the first place in a chunk that is nested too deep; null: there is none. */
  tooDeepIn(chunk: Buffer): number | null {
    let { depth, line, inText, escaped } = this;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (speaks[byte] === 0) {
        escaped = false;
        continue;
      }
      // No text goes on after the end of a line, whatever a damaged line before has left open.
      if (byte === newline) {
        line++;
        inText = false;
      } else if (inText) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inText = false;
      } else if (byte === quote) {
        inText = true;
        escaped = false;
      } else if (byte === open || byte === openList) {
        if (++depth > deepest) return line;
      } else if (byte === close || byte === closeList) depth = Math.max(0, depth - 1);
    }
    this.depth = depth;
    this.line = line;
    this.inText = inText;
    this.escaped = escaped;
    return null;
  }
}
