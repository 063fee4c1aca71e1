import { open } from 'node:fs/promises';
import { constants, gunzipSync } from 'node:zlib';

/** The number of bytes that are looked at: more than a line of names has. */
const beginning = 65_536;

/**
 * Whether a text file may be UTF-16: its beginning has a byte order mark, or a zero byte beside each plain
 * sign such as a comma or the end of a line. DuckDB would read any other file in this encoding without an
 * error, as signs of some other script or as nothing.
 */
export async function mayBeUtf16(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(beginning), position: 0 });
    const start = unpacked(buffer.subarray(0, bytesRead));
    return (
      start.includes(0) ||
      (start[0] === 0xff && start[1] === 0xfe) ||
      (start[0] === 0xfe && start[1] === 0xff)
    );
  } finally {
    await handle.close();
  }
}

function unpacked(start: Buffer): Buffer {
  if (start[0] !== 0x1f || start[1] !== 0x8b) return start;
  return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH });
}
