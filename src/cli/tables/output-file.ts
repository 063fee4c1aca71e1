import { realpath, rename, rm } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { InputError } from '../../shared/errors.js';

/**
 * Lets `write` make a table beside `out`, and puts it there when it is whole: a failure leaves what was there
 * before. Throws InputError where `out` is one of `sources`, or is no .csv or .parquet.
 */
export async function writeWhole<T>(
  out: string,
  sources: readonly string[],
  write: (path: string) => Promise<T>,
): Promise<T> {
  const target = resolve(out);
  const kind = extname(target).toLowerCase();
  if (kind !== '.csv' && kind !== '.parquet') {
    throw new InputError('output.kind', '--out must name a file that ends in .csv or .parquet', {
      file: target,
    });
  }
  const real = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));
  if ((await Promise.all(sources.map(real))).includes(await real(target))) {
    throw new InputError('output.source', '--out names the table that is read; name another file', {
      file: target,
    });
  }
  const beside = `${target.slice(0, -kind.length)}.part-${process.pid}${kind}`;
  try {
    const result = await write(beside);
    await rename(beside, target);
    return result;
  } finally {
    await rm(beside, { force: true });
  }
}
