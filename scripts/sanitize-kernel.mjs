/**
 * Runs the fused engine's tests on the native kernel under AddressSanitizer and UndefinedBehaviorSanitizer.
 * Needs gcc or clang with their run-time libraries; the first fault ends it with a report.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildKernel } from './build-kernel.mjs';
import { modules, root } from './paths.mjs';

const { compiler } = await buildKernel({ sanitize: true });
if (compiler === null) {
  console.error('error: there is no C compiler here, so there is nothing to check');
  process.exit(1);
}
/** Node itself is built without them, so the libraries must come first. */
const libraries = ['libasan.so', 'libubsan.so'].map((name) =>
  execFileSync(compiler, [`-print-file-name=${name}`], { encoding: 'utf8' }).trim(),
);
const { status } = spawnSync(process.execPath, [join(modules, 'vitest/vitest.mjs'), 'run', 'src/engine/fused', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    MMOE_SANITIZED: '1',
    LD_PRELOAD: libraries.join(' '),
    // Node frees nothing at its end; the kernel's own memory is counted by its tests.
    ASAN_OPTIONS: 'detect_leaks=0',
    UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
  },
});
process.exit(status ?? 1);
