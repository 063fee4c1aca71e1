import { join } from 'node:path';
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

interface PinnedWheel {
  /** SHA-256 of the file, in hex. */
  readonly sha256: string;
  /** SHA-256 of members as in its RECORD, for when they are read without the rest of the file. */
  readonly members: Readonly<Record<string, string>>;
}

/** The version of TensorFlow that is installed unless a wheel is named. */
export const DEFAULT_VERSION = '2.18.1';
const PINNED = new Map<string, PinnedWheel>([
  [
    'tensorflow_cpu-2.18.1-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    {
      sha256: '357506565b05154b4b1fa5f94cd2b34c74d8a6ed64091385a71c990626321164',
      members: {
        'tensorflow/libtensorflow_cc.so.2': 'LydLU8tFIxrPY6pKYNLpQX4Y0_bFI30OsROUjoUb1CU',
        'tensorflow/libtensorflow_framework.so.2': 'yNvg9KBy8jlBj1E9h9C_3bn0A7f8k6PRHRfW6Z2yaoM',
      },
    },
  ],
  [
    'tensorflow_cpu-2.13.1-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    { sha256: 'bfedeee206ccf8130d14d8990dbe991946324df92458ee1bdbeed1c21497beb3', members: {} },
  ],
]);

export const pinnedWheel = (fileName: string): PinnedWheel | null => PINNED.get(fileName) ?? null;

/** `tensorflow_cpu-2.18.1-…x86_64.whl` → `2.18.1`; null where this is not a wheel that can be used here. */
export function wheelVersion(fileName: string): string | null {
  const match = /^tensorflow(?:_cpu|_intel)?-(2\.(\d+)\.\d+)-.*linux.*_(x86_64|aarch64)\.whl$/.exec(fileName);
  if (match === null || match[3] !== (process.arch === 'arm64' ? 'aarch64' : 'x86_64')) return null;
  const minor = Number(match[2]);
  return minor >= 12 && minor <= 21 ? match[1]! : null;
}

/**
 * Takes the libraries, the notices and the C API's headers out of a wheel: the first two into `folder`,
 * headers into `folder/include`. Each member is checked against the wheel's RECORD and, where known, against
 * its own pinned hash.
 */
export async function unpackWheel(
  wheel: RandomAccess,
  fileName: string,
  folder: string,
  onProgress: (text: string) => void,
): Promise<void> {
  const entries = await readZipDirectory(wheel);
  const record = entries.find(({ name }) => name.endsWith('.dist-info/RECORD'));
  if (record === undefined) throw new Error(`${fileName} is not a wheel: it has no RECORD`);
  const hashes = recordHashes(await readEntry(wheel, record));
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
    const wanted = pinnedWheel(fileName)?.members[name] ?? hashes.get(name);
    if (hash !== wanted)
      throw new Error(
        `${name} in ${fileName} is damaged: its SHA-256 is ${hash}, not ${wanted ?? 'recorded'}`,
      );
  }
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
