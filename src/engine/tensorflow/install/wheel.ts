import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { WorkError } from '../../../shared/errors.js';
import type { RandomAccess } from './random-access.js';
import { extractEntry, readEntry, readZipDirectory } from './zip.js';

/**
 * The libraries that a wheel of TensorFlow is opened for. Versions 2.12 to 2.21 export the C functions that
 * tfjs-node's binding calls.
 */
export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const NOTICES = 'tensorflow/THIRD_PARTY_NOTICES.txt';
const HEADERS =
  /^tensorflow\/(include\/(tensorflow\/c|xla\/tsl\/c)\/.*\.h|include\/(tensorflow\/core|tsl|xla\/tsl)\/platform\/ctstring\w*\.h)$/;

/** The published file, and the list of its members' hashes (PEP 376), by their SHA-256 in hex. */
export interface PinnedWheel {
  readonly sha256: string;
  /** For when members are read without the rest of the file. */
  readonly record: string;
}

/** The version of TensorFlow that is installed unless a wheel is named. */
export const DEFAULT_VERSION = '2.18.1';

/** The wheels that are known, by the names of their files. */
export const pinnedWheels: ReadonlyMap<string, PinnedWheel> = new Map([
  [
    'tensorflow_cpu-2.18.1-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    {
      sha256: '357506565b05154b4b1fa5f94cd2b34c74d8a6ed64091385a71c990626321164',
      record: '3f966c414e311993b36bcbf1853233146970ad7bfd8d485159f64af214afa4ff',
    },
  ],
  [
    'tensorflow_cpu-2.13.1-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    {
      sha256: 'bfedeee206ccf8130d14d8990dbe991946324df92458ee1bdbeed1c21497beb3',
      record: 'bf0099ba932a2bb9b94e34654c9336b6fe3d35ab10971a6acedf7090a1d987fa',
    },
  ],
]);

/** `tensorflow_cpu-2.18.1-…x86_64.whl` → `2.18.1`; null where this is not a wheel that can be used here. */
export function wheelVersion(fileName: string): string | null {
  const match = /^tensorflow(?:_cpu|_intel)?-(2\.(\d+)\.\d+)-.*linux.*_x86_64\.whl$/.exec(fileName);
  if (match === null) return null;
  const minor = Number(match[2]);
  return minor >= 12 && minor <= 21 ? match[1]! : null;
}

/**
 * Takes the libraries, the notices and the C API's headers out of a wheel: the first two into `folder`,
 * headers into `folder/include`. Each member is checked against the wheel's RECORD, and that against its own
 * hash where the file as a whole was not checked.
 */
export async function unpackWheel(
  wheel: RandomAccess,
  { fileName, record: wantedRecord }: { readonly fileName: string; readonly record: string | null },
  folder: string,
  onProgress: (text: string) => void,
): Promise<void> {
  const entries = await readZipDirectory(wheel);
  const record = entries.find(({ name }) => name.endsWith('.dist-info/RECORD'));
  if (record === undefined) throw new Error(`${fileName} is not a wheel: it has no RECORD`);
  const recorded = await readEntry(wheel, record);
  if (wantedRecord !== null)
    checkHash(fileName, createHash('sha256').update(recorded).digest('hex'), wantedRecord);
  const hashes = recordHashes(recorded);
  for (const library of LIBRARIES) {
    if (!entries.some(({ name }) => name === `tensorflow/${library}`))
      throw new Error(`${fileName} does not hold ${library}`);
  }
  for (const entry of entries) {
    const { name } = entry;
    const library = LIBRARIES.find((each) => name === `tensorflow/${each}`);
    if (library === undefined && name !== NOTICES && !HEADERS.test(name)) continue;
    if (name.split('/').includes('..'))
      throw new Error(`${fileName} names a member outside of its folder: ${name}`);
    if (library !== undefined) onProgress(`unpacking ${library} (${Math.round(entry.size / 1e6)} MB)`);
    const target = join(folder, name.slice('tensorflow/'.length));
    const hash = await extractEntry(wheel, entry, target);
    const wanted = hashes.get(name);
    if (hash !== wanted)
      throw new WorkError(
        'tensorflow.hash',
        `${name} in ${fileName} is damaged: its SHA-256 is ${hash}, not ${wanted ?? 'recorded'}`,
      );
  }
}

/** Throws unless a file has the hash that it was published with. */
export function checkHash(fileName: string, actual: string, wanted: string): void {
  if (actual === wanted) return;
  throw new WorkError(
    'tensorflow.hash',
    `${fileName} is not the file that was published, and is not installed: a SHA-256 is ${actual}, not ${wanted}`,
  );
}

/**
 * Lines of `name,sha256=hash,size` (PEP 376); names with commas are quoted, and none that we need has one.
 */
function recordHashes(record: string): Map<string, string> {
  return new Map(
    record.split(/\r?\n/).flatMap((line) => {
      const match = /^([^,"]+),sha256=([\w-]+),\d*$/.exec(line);
      return match === null ? [] : [[match[1]!, match[2]!] as const];
    }),
  );
}
