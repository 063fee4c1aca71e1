/**
 * Runs the fused engine's tests on the native kernel under AddressSanitizer and UndefinedBehaviorSanitizer,
 * where the first fault ends it with a report; with `--thread` under ThreadSanitizer, where the races that
 * touch the kernel are shown at the end. Other arguments go to vitest: `--thread claims` is the quickest way
 * through the threads' code. Needs gcc or clang with their run-time libraries.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildKernel } from './build-kernel.mjs';
import { modules, root } from './paths.mjs';

const given = process.argv.slice(2);
const check = given.includes('--thread') ? 'thread' : 'address';
const { compiler } = await buildKernel({ check });
if (compiler === null) {
  console.error('error: there is no C compiler here, so there is nothing to check');
  process.exit(1);
}
/** Node itself is built without them, so the libraries must come first. */
const libraries = (check === 'thread' ? ['libtsan.so'] : ['libasan.so', 'libubsan.so']).map((name) =>
  execFileSync(compiler, [`-print-file-name=${name}`], { encoding: 'utf8' }).trim(),
);
const reports = mkdtempSync(join(tmpdir(), 'kernel-races-'));
const passed = given.filter((each) => each !== '--thread');
const tests = passed.some((each) => !each.startsWith('-')) ? passed : ['src/engine/fused', ...passed];
const vitest = [join(modules, 'vitest/vitest.mjs'), 'run', '--testTimeout=0', ...tests];
// ThreadSanitizer's own memory has fixed places that a process with random addresses may have taken.
const [command = '', ...args] =
  check === 'thread' ? ['setarch', '-R', process.execPath, ...vitest] : [process.execPath, ...vitest];
const { status, error } = spawnSync(command, args, {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    MMOE_KERNEL_CHECK: check,
    LD_PRELOAD: libraries.join(' '),
    // Node frees nothing at its end; the kernel's own memory is counted by its tests.
    ASAN_OPTIONS: 'detect_leaks=0',
    UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
    TSAN_OPTIONS: `log_path=${join(reports, 'races')}:exitcode=0:report_signal_unsafe=0`,
  },
});
if (error) console.error(`error: ${error.message}`);
// Of Node's own locks the sanitizer sees only parts, and takes them for races.
const races = readdirSync(reports)
  .flatMap((file) => readFileSync(join(reports, file), 'utf8').split('=================='))
  .filter((report) => report.includes('native.node'));
rmSync(reports, { recursive: true });
if (check === 'thread') console.log(`${races.slice(0, 5).join('\n')}${races.length} races in the kernel`);
process.exit(races.length > 0 ? 1 : (status ?? 1));
