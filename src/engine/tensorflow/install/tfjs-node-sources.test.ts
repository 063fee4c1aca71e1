import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fetchLocked } from './tfjs-node-sources.js';

test('npm’s files are installed by the hashes of a lock file, and another file is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mmoe-npm-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const published = packed('published');
  let served = published;
  const server = createServer((_, response) => void response.end(served));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = v.parse(v.object({ port: v.number() }), server.address());
  const resolved = `http://127.0.0.1:${port}/a.tgz`;
  const integrity = `sha512-${createHash('sha512').update(published).digest('base64')}`;
  const own = { name: 'x', dependencies: { a: '1.0.0' } };
  const a = { version: '1.0.0', resolved, integrity, hasInstallScript: true };
  const packages = { '': own, 'node_modules/a': a };
  const lock = { name: 'x', lockfileVersion: 3, requires: true, packages };
  await writeFile(join(folder, 'package.json'), JSON.stringify(own));
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
  const [good, bad] = [join(folder, 'good'), join(folder, 'bad')];
  for (const each of [good, bad]) await mkdir(each);

  // Whatever this machine has npm do by itself.
  vi.stubEnv('npm_config_ignore_scripts', 'false');
  onTestFinished(() => void vi.unstubAllEnvs());
  await fetchLocked(folder, good);
  expect(await readdir(join(good, 'node_modules/a'))).toEqual(['package.json']);
  // npm keeps what it has fetched by its hash.
  served = packed('changed on its way');
  vi.stubEnv('npm_config_cache', join(folder, 'cache'));
  // Else npm waits for more than two minutes for better ones.
  vi.stubEnv('npm_config_fetch_retries', '0');
  await expect(fetchLocked(folder, bad)).rejects.toThrow(
    'npm was given another file than the one that was published, and nothing is installed',
  );
  expect(await readdir(bad)).not.toContain('node_modules');
});

/** A package as npm publishes one: a tar archive of one file (POSIX ustar). */
function packed(description: string): Buffer {
  // The script of a package that must not run would leave this file.
  const scripts = { install: 'echo > it-ran' };
  const content = Buffer.from(JSON.stringify({ name: 'a', version: '1.0.0', description, scripts }));
  const header = Buffer.alloc(512);
  header.write('package/package.json', 0);
  header.write('0000644\0', 100);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc(512 - (content.length % 512) + 1024);
  return gzipSync(Buffer.concat([header, content, padding]));
}
