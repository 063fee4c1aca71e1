import { deflateRawSync } from 'node:zlib';
import type { RandomAccess } from './random-access.js';
import { Readable } from 'node:stream';

/** A zip archive for tests; what has more than 20 bytes is deflated. */
export function madeZip(members: Readonly<Record<string, string | Buffer>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(members)) {
    const plain = Buffer.from(content);
    const method = plain.length > 20 ? 8 : 0;
    const packed = method === 8 ? deflateRawSync(plain) : plain;
    const path = Buffer.from(name);
    // Local headers have extra fields of their own, whose length the directory does not tell.
    const extra = Buffer.alloc(name.length % 5);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(path.length, 26);
    local.writeUInt16LE(extra.length, 28);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(plain.length, 24);
    central.writeUInt16LE(path.length, 28);
    central.writeUInt32LE(offset, 42);
    locals.push(local, path, extra, packed);
    directory.push(central, path);
    offset += local.length + path.length + extra.length + packed.length;
  }
  const end = Buffer.alloc(22);
  const directoryBytes = Buffer.concat(directory);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(members).length, 10);
  end.writeUInt32LE(directoryBytes.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directoryBytes, end]);
}

export const bufferAccess = (bytes: Buffer): RandomAccess => ({
  size: bytes.length,
  read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  stream: (offset, length) => Promise.resolve(Readable.from([bytes.subarray(offset, offset + length)])),
});
