import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';

/**
 * Returns the folder that TensorFlow is installed into: outside of node_modules, which `npm ci` empties.
 * `MMOE_CACHE` names another place.
 */
export function tensorflowFolder(): string {
  return join(cacheFolder(), 'tensorflow');
}

function cacheFolder(): string {
  const { env } = process;
  if (env['MMOE_CACHE']) return env['MMOE_CACHE'];
  if (process.platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'mmoe', 'cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'mmoe');
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'mmoe');
}

/** The file `installed.json`, which an installation that has succeeded leaves in that folder. */
export const installationSchema = v.object({
  format: v.literal(1),
  /** TensorFlow's version. */
  version: v.string(),
  /** The native binding, relative to the folder; TensorFlow's libraries lie beside it. */
  binding: v.string(),
});
export type Installation = v.InferOutput<typeof installationSchema>;

/** Returns the TensorFlow that is installed, or null. */
export function readInstallation(folder = tensorflowFolder()): Installation | null {
  try {
    const text = readFileSync(join(folder, 'installed.json'), 'utf8');
    return v.parse(installationSchema, JSON.parse(text));
  } catch {
    // Nothing there, or not of this format: install again.
    return null;
  }
}
