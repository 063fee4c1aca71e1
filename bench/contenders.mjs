import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Contender } from './contender.mjs';

/**
 * @typedef {{ contender: Contender, ours: boolean, small: boolean }} Entry `small`: too slow for large
 *   configurations and batches
 */

const here = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));

/**
 * Everything that can run here, and why the others cannot.
 * @param {{ python: string, bundle: string, kernels: string, wasmPeak: Record<string, string>, threads: number[],
 *   quick: boolean }} options `wasmPeak`: the files of buildWasmPeak
 * @returns {{ entries: Entry[], gemm: Contender[], skipped: string[] }}
 */
export function findContenders({ python, bundle, kernels, wasmPeak, threads, quick }) {
  /** @type {Entry[]} */
  const entries = [];
  /** @type {string[]} */
  const skipped = [];
  const node = (
    /** @type {string} */ name,
    /** @type {string[]} */ args,
    /** @type {string[]} */ flags = [],
  ) => new Contender(name, process.execPath, [...flags, here('engine.mjs'), ...args, bundle, kernels]);

  // Node 20 has relaxed SIMD behind a flag.
  const relaxed =
    Number(process.versions.node.split('.')[0]) < 22 ? ['--experimental-wasm-relaxed-simd'] : [];
  for (const count of threads) {
    for (const target of ['native', 'wasm simd', 'wasm relaxed']) {
      const flags = target === 'wasm relaxed' ? relaxed : [];
      if (quick && target === 'wasm simd') continue;
      entries.push({
        contender: node(`${target}, ${count}`, ['fused', target, String(count)], flags),
        ours: true,
        small: false,
      });
    }
  }
  const peer = (
    /** @type {string} */ name,
    /** @type {string} */ module,
    /** @type {string} */ file,
    /** @type {string[]} */ args,
  ) => {
    if (!hasModule(python, module)) skipped.push(`${name}: ${module} is not installed`);
    else
      for (const count of threads) {
        const contender = new Contender(`${name}, ${count}`, python, [
          here(`peers/${file}`),
          ...args,
          '--threads',
          String(count),
        ]);
        entries.push({ contender, ours: false, small: false });
      }
  };
  peer('pytorch eager', 'torch', 'pytorch.py', ['--form', 'eager']);
  if (!quick) {
    peer('pytorch compiled', 'torch', 'pytorch.py', ['--form', 'compiled']);
    peer('pytorch naive', 'torch', 'pytorch.py', ['--form', 'naive']);
  }
  peer('jax scan', 'jax', 'jax_scan.py', []);
  peer('tensorflow loop', 'tensorflow', 'tensorflow_loop.py', []);
  if (!quick) {
    for (const backend of ['tfjs-node', 'wasm', 'cpu']) {
      entries.push({
        contender: node(`tfjs ${backend}, 1`, ['tensorflow', backend, '1']),
        ours: false,
        small: true,
      });
    }
  }
  const library = ['torch', 'numpy'].find((module) => hasModule(python, module));
  if (library === undefined) skipped.push('gemm peak: neither torch nor numpy is installed');
  const gemm =
    library === undefined
      ? []
      : threads.map(
          (count) =>
            new Contender(`gemm peak, ${count}`, python, [here('peers/gemm.py'), '--threads', String(count)]),
        );
  for (const count of threads)
    for (const [target, file] of Object.entries(wasmPeak))
      gemm.push(
        new Contender(`${target} peak, ${count}`, process.execPath, [
          ...(target === 'wasm relaxed' ? relaxed : []),
          ...[here('wasm-peak/peak.mjs'), file, String(count)],
        ]),
      );
  return { entries, gemm, skipped };
}

/** @param {string} python @param {string} module */
export function hasModule(python, module) {
  try {
    execFileSync(
      python,
      ['-c', `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`],
      {
        stdio: 'ignore',
      },
    );
    return true;
  } catch {
    return false;
  }
}
