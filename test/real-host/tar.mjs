import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

const block = 512;

/**
 * Unpacks a plain ustar archive of files and folders; links and long names, which our archives lack, are
 * refused.
 * @param {Buffer} archive
 * @param {string} folder
 */
export async function untar(archive, folder) {
  for (let offset = 0; offset + block <= archive.length;) {
    const name = text(archive, offset, 100);
    if (name === '') return;
    const size = Number.parseInt(text(archive, offset + 124, 12), 8);
    const type = text(archive, offset + 156, 1);
    const path = normalize(name);
    if (path.startsWith('..') || path.startsWith('/')) throw new Error(`tar: ${name} lies outside`);
    if (type === '5') await mkdir(join(folder, path), { recursive: true });
    else if (type === '0' || type === '') {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), archive.subarray(offset + block, offset + block + size), {
        mode: 0o755,
      });
    } else throw new Error(`tar: ${name} is of type ${type}, which is not handled`);
    offset += block + Math.ceil(size / block) * block;
  }
}

/**
 * @param {Buffer} archive
 * @param {number} start
 * @param {number} length
 */
function text(archive, start, length) {
  const bytes = archive.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end < 0 ? length : end).trim();
}
