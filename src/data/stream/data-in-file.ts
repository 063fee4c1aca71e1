import { closeSync, fstatSync } from 'node:fs';
import { inputOf } from '../encode/encoder.js';
import type { PreparedData } from '../prepared.js';
import type { Footer } from './layout.js';
import { readFooter, RowsOfFile } from './row-file.js';

/** The bytes of rows that a window has where nothing is said. */
const windowBytes = 2 ** 27;

type InFile = Pick<Footer, 'encoder' | 'blockRows' | 'train' | 'validation' | 'test'>;

/** Returns the parts of a file. `onDamaged` is called where it is found not to be what was written. */
export function partsInFile(
  file: number,
  { encoder, blockRows, train, validation, test }: InFile,
  onDamaged: () => void,
): Record<'validation' | 'test', RowsOfFile | null> & { train: RowsOfFile } {
  const of = (part: Footer['train']): RowsOfFile => new RowsOfFile(file, encoder, blockRows, part, onDamaged);
  return { train: of(train), validation: validation && of(validation), test: test && of(test) };
}

/**
 * Returns the rows of an open file; null: it is no whole file of streamed rows. `window`: so many rows are shuffled
 * among each other; undefined: as many as is usual.
 */
export function dataInFile(
  file: number,
  window: number | undefined,
  path: string | null = null,
  onDamaged: () => void = () => undefined,
): PreparedData | null {
  const footer = readFooter(file);
  if (footer === null) return null;
  const { source, encoder, fingerprint, outside, vocabularies, warnings, labels, leaks, sharedIds, columns } =
    footer;
  const parts = partsInFile(file, footer, onDamaged);
  return {
    source,
    input: inputOf(encoder),
    tasks: encoder.tasks,
    ...parts,
    encoder,
    fingerprint,
    outside,
    vocabularies,
    stream: {
      file,
      path,
      bytes: fstatSync(file).size,
      window: window ?? Math.max(1, Math.floor(windowBytes / parts.train.rowBytes)),
      known: { labels, leaks, sharedIds, columns },
      close: () => closeSync(file),
    },
    warnings,
  };
}
