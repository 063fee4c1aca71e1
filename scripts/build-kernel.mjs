/**
 * Compiles src/engine/fused/kernel/ to .cache/fused/: two WebAssembly files, by the clang that @yowasp/clang
 * carries, and the native addon, where a C compiler is found. Nothing is done when sources, compiler and
 * platform are those of the last build. As a program: `node scripts/build-kernel.mjs [--to FOLDER] [--check
 * NAME]`; `--to` also copies the files there.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:process';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { modules, root } from './paths.mjs';

const run = promisify(execFile);
const sources = join(root, 'src/engine/fused/kernel');
const cache = join(root, '.cache/fused');

/** No -ffast-math: NaN and infinity must show. Multiply-add may be contracted; nothing may be reordered. */
const common = [
  '-O3',
  '-std=gnu11',
  '-Wall',
  '-Wextra',
  // A program's every operation has to be run.
  '-Werror=switch',
  '-ffp-contract=fast',
  '-fno-math-errno',
  '-fno-trapping-math',
];
const files = { native: 'native.node', relaxed: 'relaxed.wasm', simd: 'simd.wasm', report: 'report.json' };

/**
 * Native builds for checks, each in a folder of its own: under AddressSanitizer and
 * UndefinedBehaviorSanitizer, under ThreadSanitizer (scripts/sanitize-kernel.mjs), and by a cross compiler
 * for Linux on Arm (scripts/emulate-kernel.mjs).
 */
const checks = {
  address: {
    compile: ['-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'],
    link: ['-fsanitize=address,undefined'],
  },
  thread: { compile: ['-g', '-fsanitize=thread'], link: ['-fsanitize=thread'] },
  arm64: { compile: [], link: ['-s'] },
};
/** @typedef {keyof typeof checks} Check */

const crossCompiler = process.env['MMOE_ARM64_CC'] ?? 'aarch64-linux-gnu-gcc';

/** Builds of the kernel for each processor family, slowest last. */
/** @param {Target} target */
function buildsFor({ arch, compiler }) {
  if (arch === 'x64') {
    return [
      { name: 'avx512', flags: ['-march=x86-64-v4', '-mprefer-vector-width=512'], define: 'HAS_AVX512' },
      { name: 'avx2', flags: ['-march=x86-64-v3'], define: 'HAS_AVX2' },
      { name: 'baseline', flags: [], define: null },
    ];
  }
  // GCC on Arm moves the loads of a tile so far ahead that sums are spilt inside the loop: 46 instructions
  // where 38 do.
  const flags =
    arch === 'arm64' && compiler !== null && !compiler.version.includes('clang')
      ? ['-fno-schedule-insns']
      : [];
  return [{ name: 'baseline', flags, define: null }];
}

/** @typedef {{ arch: string, compiler: Compiler | null, check: Check | undefined }} Target */

/**
 * @param {{ to?: string | undefined, check?: Check | undefined }} [options] `to`: a folder that gets a copy
 * @returns {Promise<{ folder: string, native: boolean, why: string, compiler: string | null }>} why: the
 *   reason when there is no native addon
 */
export async function buildKernel({ to, check } = {}) {
  const folder = check === undefined ? cache : `${cache}-${check}`;
  const compiler = await findCompiler(check);
  /** An emulated process that asks for the cross build gets the one that its parent made. */
  const target = { arch: check === 'arm64' ? 'arm64' : arch, compiler, check };
  const stamp = await stampOf(target);
  const report = (await readReport(folder, stamp)) ?? (await compileAll(folder, target, stamp));
  if (to !== undefined) {
    await mkdir(to, { recursive: true });
    for (const file of Object.values(files))
      if (existsSync(join(folder, file))) await cp(join(folder, file), join(to, file));
  }
  return { folder, ...report, compiler: compiler?.command ?? null };
}

/** @typedef {{ command: string, version: string }} Compiler */

/** @param {Check | undefined} check @returns {Promise<Compiler | null>} */
async function findCompiler(check) {
  // No pthreads with Visual C++; WebAssembly serves Windows.
  if (platform === 'win32') return null;
  for (const command of check === 'arm64' ? [crossCompiler] : [process.env['CC'], 'gcc', 'clang', 'cc']) {
    if (!command) continue;
    try {
      const { stdout } = await run(command, ['--version']);
      return { command, version: stdout.split('\n')[0] ?? '' };
    } catch {
      // Not there: the next one.
    }
  }
  return null;
}

/** The paths of all files below the sources' folder, with slashes, in an order that never changes. */
async function sourceFiles() {
  const entries = await readdir(sources, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(sources, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

/** @param {Target} target */
async function stampOf(target) {
  const hash = createHash('sha256').update(JSON.stringify([target, platform]));
  for (const name of await sourceFiles()) hash.update(name).update(await readFile(join(sources, name)));
  hash.update(await readFile(fileURLToPath(import.meta.url)));
  return hash.digest('hex');
}

/**
 * @param {string} folder @param {string} stamp @returns {Promise<{ native: boolean, why: string } | null>}
 */
async function readReport(folder, stamp) {
  try {
    const report = JSON.parse(await readFile(join(folder, files.report), 'utf8'));
    return report.stamp === stamp ? { native: report.native, why: report.why } : null;
  } catch {
    return null;
  }
}

/** Into a folder of its own first, then file by file: a program that has the old ones loaded keeps them. */
/** @param {string} folder @param {Target} target @param {string} stamp */
async function compileAll(folder, target, stamp) {
  const { compiler, check } = target;
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, 'work-'));
  try {
    let why = compiler === null ? 'no C compiler was found, so the native kernel was not built' : '';
    if (compiler !== null) {
      try {
        await compileNative(compiler.command, target, work);
      } catch (error) {
        const detail = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
        if (check !== undefined) throw new Error(detail, { cause: error });
        const lines = detail.replaceAll(root, '.').trim().split('\n');
        const first = lines.find((line) => line.includes('error')) ?? lines[0];
        why = `the native kernel did not compile: ${first}`;
      }
    }
    if (check === undefined) {
      await compileWasm(join(work, files.simd), []);
      await compileWasm(join(work, files.relaxed), ['-mrelaxed-simd']);
    }
    const report = { stamp, native: why === '', why };
    await writeFile(join(work, files.report), JSON.stringify(report));
    for (const file of Object.values(files)) {
      if (existsSync(join(work, file))) await rename(join(work, file), join(folder, file));
      else await rm(join(folder, file), { force: true });
    }
    return { native: report.native, why };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** @param {string} compiler @param {Target} target @param {string} work */
async function compileNative(compiler, target, work) {
  const own = target.check === undefined ? { compile: [], link: ['-s'] } : checks[target.check];
  const flags = [...common, `-I${sources}`, '-fPIC', '-fvisibility=hidden', ...own.compile];
  const builds = buildsFor(target);
  const headers = join(modules, 'node-api-headers/include');
  const objects = builds.map(({ name }) => join(work, `${name}.o`));
  const kernels = builds.map(({ name, flags: family }, index) =>
    run(compiler, [
      ...flags,
      ...family,
      `-DKERNEL=mmoe_kernel_${name}`,
      `-DKERNEL_NAME="${target.arch === 'arm64' ? 'neon' : name}"`,
      '-c',
      join(sources, 'interpreter.c'),
      '-o',
      /** @type {string} */ (objects[index]),
    ]),
  );
  const addon = join(work, 'addon.o');
  const defines = builds.flatMap(({ define }) => (define === null ? [] : [`-D${define}`]));
  await Promise.all([
    ...kernels,
    run(compiler, [
      ...flags,
      ...defines,
      '-DNAPI_VERSION=8',
      `-I${headers}`,
      '-c',
      join(sources, 'addon.c'),
      '-o',
      addon,
    ]),
  ]);
  const link = platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
  await run(compiler, [...link, ...own.link, '-pthread', ...objects, addon, '-o', join(work, files.native)]);
}

/** The sources as the WebAssembly compiler takes them: folders are objects of their own. */
async function sourceTree() {
  /** @type {import('@yowasp/clang').Tree} */
  const tree = {};
  for (const name of await sourceFiles()) {
    const folders = name.split('/');
    const file = /** @type {string} */ (folders.pop());
    let folder = tree;
    for (const each of folders) {
      const inner = /** @type {import('@yowasp/clang').Tree} */ (folder[each] ?? {});
      folder[each] = inner;
      folder = inner;
    }
    folder[file] = await readFile(join(sources, name), 'utf8');
  }
  return tree;
}

/** @param {string} to @param {string[]} extra */
async function compileWasm(to, extra) {
  const { commands } = await import('@yowasp/clang');
  const tree = await sourceTree();
  const flags = [
    ...common,
    '-I.',
    '--target=wasm32-unknown-unknown',
    '-msimd128',
    '-matomics',
    '-mbulk-memory',
    '-ffreestanding',
    ...extra,
  ];
  const compile = async (/** @type {string} */ source, /** @type {string} */ object) =>
    /** @type {Uint8Array} */ (
      (await quietly(commands['clang'], [...flags, '-c', source, '-o', object], tree))[object]
    );
  const objects = {
    'interpreter.o': await compile('interpreter.c', 'interpreter.o'),
    'wasm.o': await compile('wasm.c', 'wasm.o'),
  };
  const linked = await quietly(
    commands['wasm-ld'],
    [
      '--no-entry',
      '--import-memory',
      '--shared-memory',
      '--max-memory=4294967296',
      '--export=__stack_pointer',
      '--export=__heap_base',
      '-O2',
      '--strip-all',
      '-z',
      'stack-size=65536',
      'interpreter.o',
      'wasm.o',
      '-o',
      'kernel.wasm',
    ],
    objects,
  );
  await writeFile(to, /** @type {Uint8Array} */ (linked['kernel.wasm']));
}

/**
 * Runs a tool of the compiler; what it says is kept for the error.
 * @param {import('@yowasp/clang').Command} command @param {string[]} args @param
 *   {import('@yowasp/clang').Tree} tree
 */
async function quietly(command, args, tree) {
  let said = '';
  const listen = (/** @type {Uint8Array | null} */ bytes) => {
    if (bytes !== null) said += Buffer.from(bytes).toString();
  };
  try {
    const result = await command(args, tree, { stdout: listen, stderr: listen, fetchProgress: () => {} });
    if (result === undefined) throw new Error('it gave no files');
    return result;
  } catch (error) {
    throw new Error(`${args.join(' ')}: ${said}`, { cause: error });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { to: { type: 'string' }, check: { type: 'string' } } });
  const check = Object.keys(checks).find((name) => name === values.check);
  if (check !== values.check) throw new Error(`--check is one of ${Object.keys(checks).join(', ')}`);
  const { folder, native, why } = await buildKernel({
    to: values.to,
    check: /** @type {Check | undefined} */ (check),
  });
  console.log(`kernel: ${folder}; native: ${native ? 'yes' : why}`);
}
