import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dist, root } from '../paths.mjs';

/** @typedef {{ version: string, integrity?: string } & Record<string, unknown>} Locked */
/** @typedef {Record<string, Locked>} Lock by the folder that a package lies in */

/**
 * Writes package.json and package-lock.json for what the program fetches with npm to install TensorFlow:
 * these packages and all that they need, each with the hash that the project's own lock file has.
 */
export async function writeTensorflowLock() {
  const { packages } = /** @type {{ packages: Lock }} */ (
    JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'))
  );
  const {
    name,
    dependencies,
    packages: needed,
  } = lockOf(packages, ['@tensorflow/tfjs-node', 'node-api-headers']);
  const own = { name, dependencies };
  const lock = { name, lockfileVersion: 3, requires: true, packages: { '': own, ...needed } };
  await mkdir(join(dist, 'tensorflow'), { recursive: true });
  await writeFile(join(dist, 'tensorflow/package.json'), `${JSON.stringify({ ...own, private: true })}\n`);
  await writeFile(join(dist, 'tensorflow/package-lock.json'), `${JSON.stringify(lock)}\n`);
}

/**
 * Cuts out of a lock file some packages with all that they need. Throws where one has no hash.
 * @param {Lock} packages
 * @param {readonly string[]} names
 */
export function lockOf(packages, names) {
  /** @type {Lock} */
  const needed = {};
  const waiting = names.map((name) => `node_modules/${name}`);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entry = packages[path];
    if (entry === undefined) throw new Error(`package-lock.json has no ${path}`);
    if (needed[path] !== undefined) continue;
    const { dev: _dev, optional: _optional, devOptional: _devOptional, peer: _peer, ...kept } = entry;
    if (kept.integrity === undefined) throw new Error(`package-lock.json has no hash for ${path}`);
    needed[path] = kept;
    for (const each of ['dependencies', 'optionalDependencies', 'peerDependencies'])
      for (const name of Object.keys(entry[each] ?? {})) {
        const found = resolved(packages, path, name);
        // Optional ones need not be there.
        if (found !== null) waiting.push(found);
      }
  }
  const sorted = Object.entries(needed).sort(([one], [other]) => (one < other ? -1 : 1));
  const dependencies = Object.fromEntries(
    names.map((name) => [name, packages[`node_modules/${name}`]?.version ?? '']),
  );
  return { name: 'tensorflow', dependencies, packages: Object.fromEntries(sorted) };
}

/**
 * Finds a package as Node does: in the folder of the one that wants it, or in one above.
 * @param {Lock} packages
 * @param {string} from
 * @param {string} name
 */
function resolved(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (folder === '') return null;
  }
}
