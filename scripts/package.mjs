/**
 * Builds, then makes the package (.vsix) of this platform in out/, checks what is in it and reports sizes.
 * `--no-build` takes dist/ as it is.
 */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { packageExtension } from './package/package-extension.mjs';
import { root } from './paths.mjs';

if (!process.argv.includes('--no-build'))
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
const { file, entries, notices } = await packageExtension();
for (const { name, size, packed } of [...entries].sort((a, b) => b.packed - a.packed).slice(0, 12)) {
  console.log(`${name.padEnd(56)} ${kilobytes(size)} → ${kilobytes(packed)}`);
}
console.log(
  `${relative(root, file)}: ${entries.length} files, ${kilobytes(statSync(file).size).trim()}, ` +
    `notices of ${notices} packages`,
);

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${String(Math.round(bytes / 1000)).padStart(7)} kB`;
}
