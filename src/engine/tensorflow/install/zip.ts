import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import type { RandomAccess } from './random-access.js';

/** A member of a zip archive (APPNOTE 4.3.12); archives above 4 GB are not read. */
export interface ZipEntry {
  readonly name: string;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly compressedSize: number;
  readonly size: number;
  /** The offset of its local header. */
  readonly offset: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end record has 22 bytes and a comment of at most 65,535. */
const LONGEST_END = 22 + 65_535;

export async function readZipDirectory(source: RandomAccess): Promise<ZipEntry[]> {
  const tailLength = Math.min(source.size, LONGEST_END);
  const tail = await source.read(source.size - tailLength, tailLength);
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end--;
  if (end < 0) throw new Error('this is not a zip archive, or it is cut off');
  const count = tail.readUInt16LE(end + 10);
  const directory = await source.read(tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== CENTRAL)
      throw new Error('the zip archive’s directory is damaged');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      directory.readUInt16LE(at + field),
    );
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength!),
      method: directory.readUInt16LE(at + 10),
      compressedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength! + extraLength! + commentLength!;
  }
  return entries;
}

/**
 * Writes a member to a file; returns its SHA-256 as base64url without padding, as a wheel's RECORD has it.
 */
export async function extractEntry(source: RandomAccess, entry: ZipEntry, file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  const hash = createHash('sha256');
  const hashed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const start = await dataOffset(source, entry);
  const packed =
    entry.compressedSize === 0 ? Readable.from([]) : await source.stream(start, entry.compressedSize);
  const out = createWriteStream(file);
  if (entry.method === 8) await pipeline(packed, createInflateRaw(), hashed, out);
  else await pipeline(packed, hashed, out);
  return hash.digest('base64url');
}

/** A small member as text. */
export async function readEntry(source: RandomAccess, entry: ZipEntry): Promise<string> {
  const packed = await source.read(await dataOffset(source, entry), entry.compressedSize);
  return (entry.method === 8 ? inflateRawSync(packed) : packed).toString('utf8');
}

async function dataOffset(source: RandomAccess, entry: ZipEntry): Promise<number> {
  if (entry.method !== 0 && entry.method !== 8)
    throw new Error(`${entry.name} is packed in a way that is not known (${entry.method})`);
  const header = await source.read(entry.offset, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== LOCAL)
    throw new Error(`${entry.name} is not where the zip archive says`);
  return entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}
