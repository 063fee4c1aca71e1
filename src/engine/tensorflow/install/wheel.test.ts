import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bufferAccess, madeZip } from './zip.fixture.js';
import { madeWheel } from './wheel.fixture.js';
import { unpackWheel, wheelVersion } from './wheel.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mmoe-wheel-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const name = 'tensorflow_cpu-2.17.0-cp310-cp310-manylinux_2_17_x86_64.whl';
const wheel = { fileName: name, record: null };

describe('a wheel of TensorFlow', () => {
  test('gives its libraries, notices and C headers, and nothing else', async () => {
    const target = join(folder, 'whole');
    await unpackWheel(bufferAccess(madeWheel()), wheel, target, () => undefined);
    expect((await readdir(target, { recursive: true })).sort()).toEqual(
      [
        'THIRD_PARTY_NOTICES.txt',
        'include',
        'include/tensorflow',
        'include/tensorflow/c',
        'include/tensorflow/c/c_api.h',
        'include/tsl',
        'include/tsl/platform',
        'include/tsl/platform/ctstring_internal.h',
        'libtensorflow_cc.so.2',
        'libtensorflow_framework.so.2',
      ].sort(),
    );
    expect(await readFile(join(target, 'libtensorflow_cc.so.2'), 'utf8')).toBe(
      'the library, long enough to be deflated',
    );
  });

  test('with a member that is not the recorded one is refused', async () => {
    const hash = createHash('sha256').update('another').digest('base64url');
    const record = `tensorflow/libtensorflow_cc.so.2,sha256=${hash},7\n`;
    const damaged = madeWheel({ 'tensorflow_cpu-2.17.0.dist-info/RECORD': record });
    await expect(
      unpackWheel(bufferAccess(damaged), wheel, join(folder, 'damaged'), () => undefined),
    ).rejects.toThrow(/libtensorflow_cc\.so\.2 in tensorflow_cpu-2\.17\.0-.* is damaged: its SHA-256 is/);
  });

  test('that records itself well, but is not what was published, is refused by the hash of its RECORD', async () => {
    const published = { fileName: name, record: createHash('sha256').update('the RECORD').digest('hex') };
    const target = join(folder, 'other');
    await expect(unpackWheel(bufferAccess(madeWheel()), published, target, () => undefined)).rejects.toThrow(
      'is not the file that was published, and is not installed: a SHA-256 is',
    );
    expect(await readdir(folder)).not.toContain('other');
  });

  test('writes nothing outside of the folder', async () => {
    const evil = madeWheel({ 'tensorflow/include/tensorflow/c/../../../../evil.h': 'not a header' });
    await expect(
      unpackWheel(bufferAccess(evil), wheel, join(folder, 'deep', 'evil'), () => undefined),
    ).rejects.toThrow('outside of its folder');
    expect((await readdir(folder, { recursive: true })).filter((each) => each.includes('evil.h'))).toEqual(
      [],
    );
  });

  test('without a library or a RECORD is named as such', async () => {
    const unpack = (members: Record<string, string>) =>
      unpackWheel(bufferAccess(madeZip(members)), wheel, join(folder, 'none'), () => undefined);
    await expect(unpack({ a: 'b' })).rejects.toThrow('it has no RECORD');
    await expect(unpack({ 'x.dist-info/RECORD': '' })).rejects.toThrow('does not hold libtensorflow_cc.so.2');
  });

  test.each<[string, string | null]>([
    [name, '2.17.0'],
    ['tensorflow-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl', '2.21.0'],
    ['tensorflow_cpu-2.11.0-cp310-cp310-manylinux_2_17_x86_64.whl', null],
    ['tensorflow_cpu-2.22.0-cp310-cp310-manylinux_2_17_x86_64.whl', null],
    ['tensorflow-2.18.1-cp310-cp310-macosx_12_0_arm64.whl', null],
    ['tensorflow-2.18.1-cp310-cp310-manylinux_2_17_riscv64.whl', null],
    ['tensorflow-2.18.1-cp310-cp310-manylinux_2_17_aarch64.whl', null],
    ['numpy-2.1.0-cp310-cp310-manylinux_2_17_x86_64.whl', null],
  ])('%s is of version %s', (fileName, version) => {
    expect(wheelVersion(fileName)).toBe(version);
  });
});
