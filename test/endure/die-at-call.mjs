/**
 * Loaded before the program (`--import`): ends the process at one call of the file system, as a kill would, at
 * a moment that a kill from outside seldom meets. MMOE_DIE_AT says which, as JSON: after a path or text that
 * has `seen` in it, the call number `calls` of those that write, and whether `before` it, `after` it, or when
 * `half` of its bytes are written.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** @typedef {(...args: unknown[]) => unknown} Call */

/** @type {{ seen: string, calls: number, moment: 'before' | 'half' | 'after' }} */
const { seen, calls, moment } = JSON.parse(process.env['MMOE_DIE_AT'] ?? 'null');
let begun = seen === '';
let left = calls;

const die = () => process.kill(process.pid, 'SIGKILL');

/** @param {unknown[]} args */
function isTheOne(args) {
  begun ||= args.some((arg) => typeof arg === 'string' && arg.includes(seen));
  return begun && --left === 0;
}

/** @param {unknown} content */
const halfOf = (content) =>
  typeof content === 'string' || content instanceof Uint8Array
    ? content.slice(0, Math.floor(content.length / 2))
    : content;

/**
 * Halves what a call writes: of a buffer with a length, which `writeFileSync` calls `writeSync` with, the length.
 *
 * @param {unknown[]} args
 * @param {number} content
 */
function halve(args, content) {
  const length = args[content + 2];
  if (typeof length === 'number') args[content + 2] = Math.floor(length / 2);
  else args[content] = halfOf(args[content]);
}

/**
 * @param {Call} call
 * @param {number | null} content the place of the argument that is written
 * @returns {Call}
 */
function deadly(call, content) {
  return /** @this {unknown} @param {unknown[]} args */ function (...args) {
    if (!isTheOne(args)) return call.apply(this, args);
    if (moment === 'before') die();
    if (moment === 'half' && content !== null) halve(args, content);
    const result = call.apply(this, args);
    if (!(result instanceof Promise)) die();
    return result instanceof Promise ? result.then(die, die) : result;
  };
}

/**
 * @param {object} holder
 * @param {Record<string, number | null>} names of functions that write, with the place of what they write
 */
function patch(holder, names) {
  const functions = /** @type {Record<string, Call>} */ (holder);
  for (const [name, content] of Object.entries(names)) {
    const call = functions[name];
    if (call !== undefined) functions[name] = deadly(call, content);
  }
}

const named = { mkdir: null, rename: null, rm: null, writeFile: 1, open: null };
patch(fs.promises, named);
patch(fs, {
  ...Object.fromEntries(Object.entries(named).map(([name, content]) => [`${name}Sync`, content])),
  ...{ writeSync: 1, appendFileSync: 1, fsyncSync: null, ftruncateSync: null, futimesSync: null },
});
const file = await fs.promises.open(process.execPath, 'r');
patch(Object.getPrototypeOf(file), { writeFile: 0, sync: null });
await file.close();
syncBuiltinESMExports();
