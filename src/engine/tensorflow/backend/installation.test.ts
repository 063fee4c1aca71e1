import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { readInstallation, tensorflowFolder } from './installation.js';
import { loadTfjsNode } from './tfjs-node.js';
import { openTarget } from './target.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mmoe-cache-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

describe('the folder of TensorFlow', () => {
  test('is in the user’s cache, or where MMOE_CACHE says', () => {
    vi.stubEnv('MMOE_CACHE', '');
    expect(tensorflowFolder()).toMatch(/mmoe.tensorflow$|mmoe.cache.tensorflow$/);
    vi.stubEnv('MMOE_CACHE', folder);
    expect(tensorflowFolder()).toBe(join(folder, 'tensorflow'));
  });

  test.each(['', '{', '{"format": 2, "version": "3", "binding": "x"}'])(
    'with an installed.json of %j holds no installation',
    async (text) => {
      await writeFile(join(folder, 'installed.json'), text);
      expect(readInstallation(folder)).toBeNull();
    },
  );
});

describe('without an installed TensorFlow', () => {
  test('tfjs-node says what is missing and what to do', () => {
    vi.stubEnv('MMOE_CACHE', join(folder, 'empty'));
    expect(() => loadTfjsNode(1)).toThrow(
      'TensorFlow is not installed; install it with "MMoE: Install TensorFlow Backend"',
    );
  });

  test('the engine computes on WebAssembly and says why', async () => {
    vi.stubEnv('MMOE_CACHE', join(folder, 'empty'));
    const { name, why } = await openTarget({ threads: 1 });
    expect(name).toBe('tfjs wasm simd');
    expect(why).toMatch(/^tfjs-node does not load: TensorFlow is not installed/);
  });
});
