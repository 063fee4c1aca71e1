import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TempWorkspace } from '../../temp-workspace.fixture.js';
import { checkGzip, doubtfulGzip } from './gzip.js';

let workspace: TempWorkspace;
beforeEach(async () => void (workspace = await TempWorkspace.create()));
afterEach(() => workspace.remove());

/** A gzip file of the same row again and again: 4 MB in each part, packed to some thousandth. */
const part = gzipSync('1,0\n'.repeat(1_000_000), { level: 9 });
const repeated = (parts: number): Buffer => Buffer.concat(Array.from({ length: parts }, () => part));
/** Enough of them for more than 2 GB, which is never unpacked here. */
const many = Math.ceil(2.1e9 / 1032 / part.length) + 600;

it('files that might fill the machine are seen by their beginning and their size', async () => {
  const made = await workspace.write('made.csv.gz', repeated(many));
  const small = await workspace.write('small.csv.gz', repeated(1));
  const rows = Array.from({ length: 500_000 }, (_, row) => `${row},${(row * 2654435761) % 4294967296}\n`);
  const usual = await workspace.write('usual.csv.gz', gzipSync(rows.join('')));
  const plain = await workspace.write('plain.csv', '1,0\n');
  expect(await doubtfulGzip([small, plain])).toEqual([]);
  expect(await doubtfulGzip([usual, plain])).toEqual([]);
  // Beside a large one, a small one counts, too.
  expect(await doubtfulGzip([made, small, usual, plain])).toEqual([made, small]);
});

it('what unpacks to far too much is refused, alone or together', async () => {
  const files = await Promise.all([1, 2].map((name) => workspace.write(`${name}.csv.gz`, repeated(2))));
  await checkGzip(files);
  const limit = { bytes: 1e7, times: 200 };
  await checkGzip(files.slice(0, 1), Infinity, limit);
  await expect(checkGzip(files, Infinity, limit)).rejects.toMatchObject({
    message: expect.stringMatching(
      /^the gzip files of this table, up to this one, unpack to more than 10 MB, and more than 200 times their size; unpack them yourself/,
    ) as unknown,
    place: { file: files[1] },
  });
  await expect(checkGzip(files.slice(0, 1), Infinity, { bytes: 1e6, times: 200 })).rejects.toMatchObject({
    code: 'data.gzip-expands',
    message: expect.stringMatching(
      /^this gzip file unpacks to more than 1\.0 MB, and more than 200 times/,
    ) as unknown,
  });
  // Packed to a fifth, as tables are, it may be of any size.
  await checkGzip(files, Infinity, { bytes: 1e6, times: 2000 });
});

it('what unpacks to more than the memory is refused with what there is', async () => {
  const file = await workspace.write('a.csv.gz', repeated(2));
  await expect(checkGzip([file], 5e6)).rejects.toMatchObject({
    code: 'data.memory',
    message: 'this gzip file unpacks to more than the 5.0 MB of memory that may be used here; use fewer rows',
    place: { file },
  });
});
