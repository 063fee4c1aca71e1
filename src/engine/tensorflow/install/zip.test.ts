import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bufferAccess, madeZip } from './zip.fixture.js';
import { extractEntry, readEntry, readZipDirectory } from './zip.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mmoe-zip-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a zip archive', () => {
  test('gives every member as it was, with its SHA-256, stored or deflated, empty or not', async () => {
    const members = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8})?$/),
      fc.string({ maxLength: 200 }),
      { maxKeys: 6 },
    );
    await fc.assert(
      fc.asyncProperty(members, async (contents) => {
        const zip = bufferAccess(madeZip(contents));
        const entries = await readZipDirectory(zip);
        expect(entries.map(({ name }) => name)).toEqual(Object.keys(contents));
        for (const [n, entry] of entries.entries()) {
          const content = contents[entry.name]!;
          const file = join(folder, `member-${n}`);
          expect(await readEntry(zip, entry)).toBe(content);
          expect(await extractEntry(zip, entry, file)).toBe(
            createHash('sha256').update(content).digest('base64url'),
          );
          expect(await readFile(file, 'utf8')).toBe(content);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('that is cut off is not taken for one', async () => {
    const whole = madeZip({ a: 'hello', b: 'world, more than twenty bytes of it' });
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        await expect(readZipDirectory(bufferAccess(whole.subarray(0, length)))).rejects.toThrow(
          'not a zip archive, or it is cut off',
        );
      }),
    );
  });

  test('with a damaged directory or member says so', async () => {
    const whole = madeZip({ a: 'x'.repeat(100) });
    const [entry] = await readZipDirectory(bufferAccess(whole));
    await expect(readEntry(bufferAccess(whole), { ...entry!, offset: 3 })).rejects.toThrow(
      'a is not where the zip archive says',
    );
    await expect(readEntry(bufferAccess(whole), { ...entry!, method: 12 })).rejects.toThrow(
      'packed in a way that is not known (12)',
    );
    const damaged = Buffer.from(whole);
    damaged.writeUInt32LE(0, damaged.readUInt32LE(damaged.length - 6));
    await expect(readZipDirectory(bufferAccess(damaged))).rejects.toThrow('directory is damaged');
  });
});
