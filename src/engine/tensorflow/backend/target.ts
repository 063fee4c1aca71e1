import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTfjsNode } from './tfjs-node.js';
import type { Tf } from './tf.js';

export const targetNames = ['tfjs-node', 'wasm', 'cpu'] as const;
export type TargetName = (typeof targetNames)[number];

/** A copy of tfjs with a backend that works. */
export interface OpenTarget {
  readonly tf: Tf;
  /** For people: `tfjs wasm simd`. */
  readonly name: string;
  readonly threads: number;
  /** Why not a faster one. */
  readonly why: string;
  /** Makes its backend the current one; tfjs has one at a time. */
  use(): void;
}

/**
 * The fastest target that loads; `only` asks for one of them (tests, benches). Throws with the reasons when
 * none does.
 */
export async function openTarget(options: {
  threads: number;
  only?: TargetName | undefined;
}): Promise<OpenTarget> {
  const reasons: string[] = [];
  for (const name of options.only === undefined ? targetNames : [options.only]) {
    try {
      const opened = await open[name](options.threads);
      return { ...opened, why: reasons.join('; ') };
    } catch (error) {
      reasons.push(`${name} does not load: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(reasons.join('; '));
}

type Opened = Omit<OpenTarget, 'why'>;

const open: Record<TargetName, (threads: number) => Promise<Opened>> = {
  'tfjs-node': (threads) => {
    const { tf, version } = loadTfjsNode(threads);
    return openBackend(tf, 'tensorflow', `tfjs-node, TensorFlow ${version}`, threads);
  },
  wasm: async () => {
    const folder = wasmFolder();
    const { tf, setWasmPaths } = await import('./bundled.js');
    tf.enableProdMode();
    setWasmPaths(folder);
    return openBackend(tf, 'wasm', 'tfjs wasm simd', 1);
  },
  cpu: async () => {
    const { tf } = await import('./bundled.js');
    // Production mode also silences the advice to install tfjs-node.
    tf.enableProdMode();
    return openBackend(tf, 'cpu', 'tfjs cpu', 1);
  },
};

async function openBackend(tf: Tf, backend: string, name: string, threads: number): Promise<Opened> {
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs could not start its ${backend} backend`);
  await tf.ready();
  const use = () => {
    // Synchronous for a backend that has been started.
    if (tf.getBackend() !== backend) void tf.setBackend(backend);
  };
  return { tf, name, threads, use };
}

const WASM_FILE = 'tfjs-backend-wasm-simd.wasm';

/** Beside the built program, or in its package when the sources run; ends with a slash, as tfjs wants it. */
function wasmFolder(): string {
  const beside = fileURLToPath(new URL('./tfjs/', import.meta.url));
  const folders = [beside, packageFolder()].filter((folder) => folder !== null);
  const found = folders.find((folder) => existsSync(join(folder, WASM_FILE)));
  if (found === undefined) throw new Error(`${WASM_FILE} is neither in ${folders.join(' nor in ')}`);
  return found.endsWith('/') ? found : `${found}/`;
}

function packageFolder(): string | null {
  try {
    return join(
      dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')),
      'dist',
    );
  } catch {
    return null;
  }
}
