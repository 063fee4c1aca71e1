import { constants } from 'node:fs';
import { access, open } from 'node:fs/promises';
import { InputError } from '../../../shared/errors.js';
import type { FileFormat } from '../files/source-files.js';

/** A kind of file that is no table, or not the kind that its name says, by its first bytes. */
interface Container {
  readonly bytes: readonly number[];
  /** The reason why it cannot be read as it is, and what to do. */
  readonly says: string;
}

const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')];
const compressed = (by: string): string =>
  `is compressed by ${by}, which is not read; unpack it, or use gzip`;
const otherTable = (what: string): string => `is ${what}, which is not read; save it as CSV or Parquet`;

const page = 'is a web page (HTML), perhaps of a sign-in, and no table; download the file itself';

const parquet: Container = { bytes: ascii('PAR1'), says: 'is a Parquet file; let its name end in .parquet' };
const gzip: Container = { bytes: [0x1f, 0x8b], says: 'is compressed by gzip; let its name end in .gz' };

const containers: readonly Container[] = [
  { bytes: ascii('BZh'), says: compressed('bzip2') },
  { bytes: [0xfd, ...ascii('7zXZ'), 0], says: compressed('xz') },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], says: compressed('zstd') },
  { bytes: [0x04, 0x22, 0x4d, 0x18], says: compressed('lz4') },
  { bytes: [...ascii('7z'), 0xbc, 0xaf, 0x27, 0x1c], says: compressed('7-Zip') },
  { bytes: ascii('Rar!'), says: compressed('RAR') },
  { bytes: ascii('ARROW1'), says: otherTable('an Arrow file (Feather)') },
  { bytes: [0xff, 0xff, 0xff, 0xff], says: otherTable('an Arrow stream') },
  { bytes: ascii('FEA1'), says: otherTable('a Feather file') },
  { bytes: ascii('ORC'), says: otherTable('an ORC file') },
  { bytes: [...ascii('Obj'), 1], says: otherTable('an Avro file') },
  { bytes: ascii('SQLite format 3'), says: otherTable('an SQLite database') },
  { bytes: [0x89, ...ascii('HDF')], says: otherTable('an HDF5 file') },
  { bytes: [0x93, ...ascii('NUMPY')], says: otherTable('a NumPy array') },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], says: otherTable('a spreadsheet or document of an office program') },
  { bytes: ascii('<!DOCTYPE html'), says: page },
  { bytes: ascii('<!doctype html'), says: page },
  { bytes: ascii('<html'), says: page },
  {
    bytes: ascii('version https://git-lfs'),
    says: 'only points to a file that Git LFS keeps; fetch it by git lfs pull',
  },
  { bytes: ascii('%PDF'), says: otherTable('a PDF document') },
];

/** The number of bytes that are looked at. */
const beginning = 512;

/**
 * Throws an InputError for a file that may not be read, and for one that its first bytes show to be another
 * kind than its name says, or a kind that is not read.
 */
export async function checkContainer(file: string, format: FileFormat): Promise<void> {
  const start = await beginningOf(file);
  const found = containerOf(start, file, format);
  if (found !== null) throw new InputError('data.container', `this file ${found}`, { file });
}

async function beginningOf(file: string): Promise<Buffer> {
  try {
    await access(file, constants.R_OK);
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(beginning), position: 0 });
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const message =
      code === 'EACCES' || code === 'EPERM'
        ? 'this file may not be read by you; ask its owner for the permission to read it'
        : code === 'ENOENT'
          ? 'this file is gone'
          : 'this file cannot be read by the system';
    throw new InputError('data.unreadable', message, { file });
  }
}

/** Returns what a file is and what to do; null: what its name says, as far as its first bytes show. */
function containerOf(start: Buffer, file: string, format: FileFormat): string | null {
  const begins = ({ bytes }: Container): boolean => bytes.every((byte, at) => start[at] === byte);
  if (start.length === 0) return null;
  if (file.toLowerCase().endsWith('.gz') && format !== 'parquet') {
    if (begins(gzip)) return null;
    return containers.find(begins)?.says ?? 'is not compressed by gzip, as its name says; rename it';
  }
  if (format === 'parquet')
    return begins(parquet)
      ? null
      : ((containers.find(begins) ?? zipOf(start))?.says ??
          (begins(gzip) ? 'is compressed by gzip as a whole, which Parquet files are not; unpack it' : null));
  if (format === 'csv' && /^(\[\s*)?\{\s*"/.test(start.toString('latin1')))
    return 'is JSON; let its name end in .json or .jsonl';
  if (/\.(json|jsonl|ndjson|parquet|pq)\.zst$/i.test(file)) return compressed('zstd');
  const packed = file.toLowerCase().endsWith('.zst') ? [] : containers;
  return ([...packed, parquet, gzip].find(begins) ?? zipOf(start))?.says ?? null;
}

/** A zip file is an archive, or an Excel or OpenDocument table. */
function zipOf(start: Buffer): { says: string } | null {
  if (start.toString('latin1', 0, 4) !== 'PK\x03\x04') return null;
  const isSheet = /\[Content_Types\]|xl\/|mimetypeapplication\/vnd\.oasis/.test(start.toString('latin1'));
  return { says: isSheet ? otherTable('a spreadsheet (Excel, OpenDocument)') : compressed('zip') };
}
