import { closeSync, fstatSync } from 'node:fs';
import type { WorkError } from '../../shared/errors.js';
import { inputOf } from '../encode/encoder.js';
import type { PreparedData } from '../prepared.js';
import { blocksOf, type Footer } from './layout.js';
import { readFooter, RowsOfFile } from './row-file.js';
import { damagedRows, Verification } from './verification.js';

/** The bytes of rows that a window has where nothing is said. */
const windowBytes = 2 ** 27;

type InFile = Pick<Footer, 'encoder' | 'blockRows' | 'train' | 'validation' | 'test'>;

/** Returns the parts of a file. `onDamaged`, told of a part, returns the error where it is not what was written. */
export function partsInFile(
  file: number,
  { encoder, blockRows, train, validation, test }: InFile,
  onDamaged: (part: string) => WorkError = (part) => damagedRows(null, part),
): Record<'validation' | 'test', RowsOfFile | null> & { train: RowsOfFile } {
  const of = (part: Footer['train'], name: string): RowsOfFile =>
    new RowsOfFile(file, encoder, blockRows, part, () => onDamaged(name));
  return {
    train: of(train, 'the training rows'),
    validation: validation && of(validation, 'the validation rows'),
    test: test && of(test, 'the test rows'),
  };
}

interface FileInUse {
  /** So many rows are shuffled among each other; undefined: as many as is usual. */
  readonly window: number | undefined;
  /** Null: it has none any more, or another program knows it. */
  readonly path?: string | null;
  /** The paths of files that the rows come from, if it was there from before: its content is to be verified. */
  readonly usedAgain?: readonly string[] | null;
  /** It is found not to be what was written. */
  readonly onDamaged?: () => void;
  readonly onClose?: () => void;
}

/** Returns the rows of an open file; null: it is no whole file of streamed rows. */
export function dataInFile(
  file: number,
  {
    window,
    path = null,
    usedAgain = null,
    onDamaged = () => undefined,
    onClose = () => undefined,
  }: FileInUse,
): PreparedData | null {
  const footer = readFooter(file);
  if (footer === null) return null;
  const { source, encoder, fingerprint, outside, vocabularies, warnings, labels, leaks, sharedIds, columns } =
    footer;
  const parts = partsInFile(file, footer, (part) => {
    onDamaged();
    return damagedRows(path, part);
  });
  let verification: Verification | null = null;
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
      verification() {
        if (usedAgain === null || path === null) return null;
        // What a file says of others is looked at only where the experiment names them.
        const sources = (footer.sources ?? []).filter((one) => usedAgain.includes(one.path));
        return (verification ??= new Verification(
          { file, path, blocks: blocksOf(footer), sources },
          onDamaged,
        ));
      },
      close() {
        const closed = (): void => {
          closeSync(file);
          onClose();
        };
        // Its thread reads the file.
        if (verification === null) closed();
        else void verification.stop().finally(closed);
      },
    },
    warnings,
  };
}
