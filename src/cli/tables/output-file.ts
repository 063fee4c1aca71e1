import { realpath, rename, rm, writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { InputError } from '../../shared/errors.js';

/** A table to write, and the text of `FILE.json` beside it; null: there is none. */
export interface OutputFile {
  readonly out: string;
  readonly notes: string | null;
}

/**
 * Lets `write` make a table beside `out`, and puts it there when it is whole: a failure leaves what was there
 * before. Throws InputError where `out` is one of `sources`, or is no .csv or .parquet. `write` can have it
 * thrown for further sources (real paths) that it finds.
 */
export async function writeWhole<T>(
  { out, notes }: OutputFile,
  sources: readonly string[],
  write: (path: string, failOnSource: (files: readonly string[]) => void) => Promise<T>,
): Promise<T> {
  const target = resolve(out);
  const kind = extname(target).toLowerCase();
  if (kind !== '.csv' && kind !== '.parquet') {
    throw new InputError('output.kind', '--out must name a file that ends in .csv or .parquet', {
      file: target,
    });
  }
  const real = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));
  const realTarget = await real(target);
  const notesFile = `${target}.json`;
  const realNotes = await real(notesFile);
  const failOnSource = (files: readonly string[]): void => {
    if (!files.includes(realTarget) && (notes === null || !files.includes(realNotes))) return;
    throw new InputError('output.source', '--out names the table that is read; name another file', {
      file: target,
    });
  };
  failOnSource(await Promise.all(sources.map(real)));
  const beside = `${target.slice(0, -kind.length)}.part-${process.pid}${kind}`;
  const notesBeside = `${beside}.json`;
  try {
    const result = await write(beside, failOnSource);
    if (notes !== null) await writeFile(notesBeside, `${notes}\n`);
    await rename(beside, target);
    if (notes !== null) await rename(notesBeside, notesFile);
    return result;
  } finally {
    await rm(beside, { force: true });
    await rm(notesBeside, { force: true });
  }
}
