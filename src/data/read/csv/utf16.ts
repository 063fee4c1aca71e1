import { beginningOf } from './beginning.js';

/**
 * Whether a text file may be UTF-16: its beginning has a byte order mark, or a zero byte beside each plain
 * sign such as a comma or the end of a line. DuckDB would read any other file in this encoding without an
 * error, as signs of some other script or as nothing.
 */
export async function mayBeUtf16(file: string): Promise<boolean> {
  const start = await beginningOf(file);
  return (
    start.includes(0) || (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)
  );
}
