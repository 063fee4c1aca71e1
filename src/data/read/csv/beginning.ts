import { open } from 'node:fs/promises';
import { constants, gunzipSync } from 'node:zlib';

/** The number of bytes that are looked at: more than a line of names has. */
export const beginningBytes = 65_536;

/** Returns the first bytes of a file, unpacked where it is gzip. */
export async function beginningOf(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(beginningBytes), position: 0 });
    const start = buffer.subarray(0, bytesRead);
    if (start[0] !== 0x1f || start[1] !== 0x8b) return start;
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH });
  } finally {
    await handle.close();
  }
}

/** The first lines of a text file. */
export interface Beginning {
  readonly lines: readonly string[];
  /** Whether a byte order mark stands before them. */
  readonly hasMark: boolean;
  /** Whether some lines end with a carriage return alone, and others with a line feed. */
  readonly mixesEnds: boolean;
}

/** Returns the first whole lines of a text file, at most `most`; a file of a single line has that one. */
export async function firstLines(
  file: string,
  encoding: string | undefined,
  most: number,
): Promise<Beginning> {
  const start = await beginningOf(file);
  const name = encoding === 'latin-1' ? 'latin1' : (encoding ?? 'utf-8');
  const all = new TextDecoder(name, { ignoreBOM: true }).decode(start);
  const hasMark = all.startsWith('\ufeff');
  const text = hasMark ? all.slice(1) : all;
  const lines = text.split(/\r\n|\n|\r/);
  const isWhole = text.length < beginningBytes / 2;
  if (lines.length > 1 && (!isWhole || lines.at(-1) === '')) lines.pop();
  const mixesEnds = /\r[^\n]/.test(text) && text.includes('\n');
  return { lines: lines.slice(0, most), hasMark, mixesEnds };
}
