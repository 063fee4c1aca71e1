import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '../../../shared/errors.js';
import { formatBytes } from '../../../shared/numbers.js';

/**
 * What a gzip file may unpack to: more than both is no table, but a file that was made to fill a machine.
 * Tables are packed to a fifth or a twentieth.
 */
const largest = { bytes: 2e9, times: 200 };

/**
 * Unpacks gzip files to see whether they are whole: DuckDB takes one without its ending for a shorter table.
 * Throws an InputError for one that is cut off or damaged, or unpacks to far too much.
 */
export async function checkGzip(files: readonly string[]): Promise<void> {
  for (const file of files) if (file.toLowerCase().endsWith('.gz')) await checkGzipFile(file);
}

async function checkGzipFile(file: string): Promise<void> {
  const { size } = await stat(file);
  const bytes = createReadStream(file, { highWaterMark: 1 << 20 });
  const unpacked = pipeline(bytes, createGunzip({ chunkSize: 1 << 20 }), () => undefined);
  let length = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > largest.bytes && length > largest.times * size) {
        const message =
          `this gzip file unpacks to more than ${formatBytes(largest.bytes)}, ` +
          `and more than ${largest.times} times its size; unpack it yourself if it is meant so`;
        throw new InputError('data.gzip-expands', message, { file });
      }
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw damagedGzip(file, error);
  } finally {
    bytes.destroy();
  }
}

/** Makes the error for a gzip file that cannot be unpacked to its end. */
export function damagedGzip(file: string, cause?: unknown): InputError {
  const isCut = cause instanceof Error && /unexpected end/i.test(cause.message);
  const message = isCut
    ? 'this gzip file is cut off: its ending is missing; copy or write it again'
    : 'this gzip file is damaged; copy or write it again';
  return new InputError('data.gzip', message, { file }, cause);
}
