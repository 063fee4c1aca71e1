import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import { readInstallation, tensorflowFolder } from './installation.js';
import type { Tf } from './tf.js';

const NAME = '@tensorflow/tfjs-node';
const HOW = 'install it with "MMoE: Install TensorFlow Backend" or npm run install-tensorflow';

/** Loads tfjs-node with the TensorFlow that was installed; throws an Error that says what is missing. */
export function loadTfjsNode(threads: number): { tf: Tf; version: string } {
  const folder = tensorflowFolder();
  const installation = readInstallation(folder);
  if (installation === null) throw new Error(`TensorFlow is not installed; ${HOW}`);
  const binding = join(folder, installation.binding);
  if (!existsSync(binding)) throw new Error(`${binding} is gone; ${HOW}`);
  const require = requireTfjsNode(folder, [NAME]);
  if (require === null) throw new Error(`Cannot find module '${NAME}'; ${HOW}`);
  return { tf: loadBinding(binding, require, threads), version: installation.version };
}

/**
 * A `require` that finds these packages: this program's own, else the one of TensorFlow's folder; null where
 * neither does.
 */
export function requireTfjsNode(folder: string, packages: readonly string[]): NodeJS.Require | null {
  const places = [import.meta.url, join(folder, 'package.json')].map((place) => createRequire(place));
  const finds = (require: NodeJS.Require) =>
    packages.every((name) => {
      try {
        return require.resolve(`${name}/package.json`) !== '';
      } catch {
        return false;
      }
    });
  return places.find(finds) ?? null;
}

/** tfjs-node on this native binding. It does not survive being loaded by several threads of a process. */
export function loadBinding(binding: string, require: NodeJS.Require, threads: number): Tf {
  // TensorFlow reads these when it is loaded.
  process.env['TF_NUM_INTRAOP_THREADS'] = String(threads);
  process.env['TF_NUM_INTEROP_THREADS'] = '1';
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  restoreOldUtil();
  findBindingAt(binding, require);
  const tf: unknown = require(NAME);
  if (!isTf(tf)) throw new Error(`${NAME} is not the version that this program knows`);
  return tf;
}

/**
 * tfjs-node 4.22.0 calls what Node 23 has removed, and what Node 22 warns of. Until a tfjs-node that does
 * not.
 */
function restoreOldUtil(): void {
  const old = {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: (value: unknown) => Array.isArray(value),
  };
  Object.assign(util, old);
}

/** tfjs-node asks node-pre-gyp where its binding is, inside its own package; ours lies in the cache. */
function findBindingAt(binding: string, require: NodeJS.Require): void {
  const requireOfTfjs = createRequire(require.resolve(`${NAME}/package.json`));
  const preBinding: unknown = requireOfTfjs('@mapbox/node-pre-gyp/lib/pre-binding');
  if (!hasFind(preBinding)) throw new Error('node-pre-gyp is not the version that this program knows');
  const { find } = preBinding;
  preBinding.find = (packageJson) => (packageJson.includes('tfjs-node') ? binding : find(packageJson));
}

function isTf(value: unknown): value is Tf {
  return (
    typeof value === 'object' &&
    value !== null &&
    'setBackend' in value &&
    'customGrad' in value &&
    'engine' in value
  );
}

function hasFind(value: unknown): value is { find: (packageJson: string) => string } {
  return typeof value === 'object' && value !== null && 'find' in value && typeof value.find === 'function';
}
