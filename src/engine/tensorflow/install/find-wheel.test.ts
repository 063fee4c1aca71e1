import { createServer, type Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findWheel } from './find-wheel.js';
import { madeWheel, pinsOf } from './wheel.fixture.js';
import { unpackWheel } from './wheel.js';

const fileName = 'tensorflow_cpu-2.17.0-cp310-cp310-manylinux_2_17_x86_64.whl';
const wheel = madeWheel();
const pinned = new Map([[fileName, pinsOf(wheel)]]);
let folder = '';
let server: Server;
let address = '';
let served = 0;
let wheelServed = wheel;
let hashesStated: Record<string, string> = {};
afterEach(() => {
  wheelServed = wheel;
  hashesStated = {};
});

/** A package index: `/simple` with ranges, `/whole` without, `/html` as pages only. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mmoe-find-'));
  server = createServer((request, response) => {
    const { url = '', headers } = request;
    if (url.startsWith('/elsewhere/'))
      return void response.writeHead(302, { location: 'http://index.invalid/simple/' }).end();
    if (url.startsWith('/round/')) return void response.writeHead(302, { location: url }).end();
    if (url === '/html/tensorflow-cpu/') return void response.end('<a href="x.whl">x</a>');
    if (/^\/(simple|whole)\/tensorflow-cpu\/$/.test(url)) {
      const files = [
        { filename: 'tensorflow_cpu-2.17.0.tar.gz', url: 'x', hashes: {} },
        { filename: fileName.replaceAll('cp310', 'cp39'), url: 'nobody-knows-it.whl', hashes: {} },
        {
          filename: fileName,
          url: `../../files${url.startsWith('/whole') ? '-whole' : ''}/${fileName}`,
          hashes: hashesStated,
        },
      ];
      return void response
        .setHeader('content-type', 'application/vnd.pypi.simple.v1+json')
        .end(JSON.stringify({ files }));
    }
    if (url.startsWith('/files-whole/')) return void response.end(wheel);
    const range = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '');
    if (!url.startsWith('/files/') || range === null) return void response.writeHead(404).end();
    const part = wheelServed.subarray(Number(range[1]), Number(range[2]) + 1);
    served += part.length;
    response
      .writeHead(206, { 'content-range': `bytes ${range[1]}-${range[2]}/${wheelServed.length}` })
      .end(part);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${v.parse(v.object({ port: v.number() }), server.address()).port}`;
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await new Promise((resolve) => server.close(resolve));
});

const find = (options: { file?: string; sha256?: string; index?: string; version?: string }) =>
  findWheel({ version: '2.17.0', folder, pinned, onProgress: () => undefined, ...options });

describe('TensorFlow’s wheel', () => {
  test('is read in parts from a package index', async () => {
    const found = await find({ index: `${address}/simple/` });
    expect(found).toMatchObject({ fileName, version: '2.17.0' });
    await unpackWheel(found.bytes, found, join(folder, 'unpacked'), () => undefined);
    expect(served).toBeLessThan(2 * wheel.length);
  });

  test('is taken from a file', async () => {
    const file = join(folder, fileName);
    await writeFile(file, wheel);
    const found = await find({ file });
    expect(found).toMatchObject({ fileName, version: '2.17.0' });
    await unpackWheel(found.bytes, found, join(folder, 'unpacked-file'), () => undefined);
  });

  test('is not taken from a file that is another thing than it is called', async () => {
    const file = join(folder, fileName);
    const changed = Buffer.from(wheel);
    changed[40]! ^= 1;
    await writeFile(file, changed);
    await expect(find({ file })).rejects.toThrow('is not the file that was published, and is not installed');
    await expect(find({ file: join(folder, 'numpy-2.1.0-py3-none-any.whl') })).rejects.toThrow(
      'not a wheel of TensorFlow 2.12 to 2.21',
    );
  });

  test('that nobody has written down here is taken with the SHA-256 that it should have', async () => {
    const file = join(folder, fileName.replace('cp310-cp310', 'cp311-cp311'));
    await writeFile(file, wheel);
    await expect(find({ file })).rejects.toThrow('give the one that its publisher states with --sha256');
    await expect(find({ file, sha256: '0'.repeat(64) })).rejects.toThrow(
      'is not the file that was published',
    );
    expect(await find({ file, sha256: pinsOf(wheel).sha256.toUpperCase() })).toMatchObject({
      version: '2.17.0',
    });
  });

  test.each([
    ['a library', 'tensorflow/libtensorflow_framework.so.2', 'frameworK', 'is damaged: its SHA-256 is'],
    [
      'the list of hashes',
      'tensorflow_cpu-2.17.0.dist-info/RECORD',
      '',
      'is not the file that was published',
    ],
  ])('of which %s was changed on its way is refused', async (_, name, content, message) => {
    wheelServed = madeWheel({ [name]: content });
    const found = await find({ index: `${address}/simple/` });
    const target = join(folder, 'unpacked-changed');
    await expect(unpackWheel(found.bytes, found, target, () => undefined)).rejects.toThrow(message);
  });

  test('for which an index states another SHA-256 is refused before it is read', async () => {
    hashesStated = { sha256: pinsOf(wheel).sha256 };
    await find({ index: `${address}/simple/` });
    hashesStated = { sha256: '0'.repeat(64) };
    const before = served;
    await expect(find({ index: `${address}/simple/` })).rejects.toThrow('is not the file that was published');
    expect(served).toBe(before);
  });

  test('is looked for over https alone, wherever an index leads', async () => {
    await expect(find({ index: 'http://index.invalid/simple' })).rejects.toThrow(
      'http://index.invalid is not asked, as it is not https',
    );
    await expect(find({ index: `${address}/elsewhere` })).rejects.toThrow(
      `http://index.invalid is not asked, as it is not https, though ${address}/elsewhere/tensorflow-cpu/ leads`,
    );
    await expect(find({ index: `${address}/round` })).rejects.toThrow('leads on and on');
  });

  test.each([
    ['an index without JSON', '/html', 'is not a package index with JSON'],
    ['an index without parts', '/whole', 'the server answers 200 where a part of the file was asked for'],
    [
      'an index that is not there',
      '/nowhere',
      'answers 404; name a package index with --index, or a wheel with --wheel',
    ],
  ])('is not had from %s, and the error says why', async (_, path, message) => {
    await expect(find({ index: address + path })).rejects.toThrow(message);
  });

  test('of a version that the index does not have is named', async () => {
    await expect(find({ index: `${address}/simple`, version: '2.20.0' })).rejects.toThrow(
      'has no wheel of TensorFlow 2.20.0 that is known',
    );
  });
});
