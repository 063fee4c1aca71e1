import { createHash, webcrypto } from 'node:crypto';
import { InputError } from '../../shared/errors.js';

/**
 * A checkpoint has the SHA-256 of itself as the first text of its metadata, in 64 hexadecimal digits that are
 * taken as `0` where it is computed. It stands at a place that is known without reading the header, so that no
 * change of the header hides it.
 */
const digits = 64;
const key = 'sha256';
const head = '{"__metadata__":{';
const start = `${head}"${key}":"`;
/** Checkpoints of versions that had no checksum begin otherwise, in more than one bit. */
const startWithout = `${head}"format":"`;
/** A safetensors file begins with the length of its header. */
const startAt = 8;
const at = startAt + start.length;

/** The metadata's first text, before `seal` has filled it in. */
export const unsealed: readonly [string, string] = [key, '0'.repeat(digits)];

/** Fills in the checksum of an encoded file whose metadata begins with `unsealed`, and returns the file. */
export function seal(bytes: Uint8Array): Uint8Array {
  if (!begins(bytes, start)) throw new RangeError('the checksum is not the first text of the metadata');
  bytes.set(Buffer.from(sha256(bytes), 'latin1'), at);
  return bytes;
}

/** Does what `seal` does, beside all else: the checksum is computed by another thread, on a copy. */
export async function sealBeside(bytes: Uint8Array): Promise<Uint8Array> {
  if (!begins(bytes, start)) throw new RangeError('the checksum is not the first text of the metadata');
  const digest = await webcrypto.subtle.digest('SHA-256', bytes);
  bytes.set(Buffer.from(Buffer.from(digest).toString('hex'), 'latin1'), at);
  return bytes;
}

/**
 * Throws an InputError where the bytes are not those that were written. Checkpoints of versions without a
 * checksum pass.
 */
export function requireWhole(bytes: Uint8Array): void {
  if (begins(bytes, startWithout)) return;
  const written = Buffer.from(bytes.subarray(at, at + digits)).toString('latin1');
  const computed = sha256(bytes.subarray(0, at), Buffer.from(unsealed[1]), bytes.subarray(at + digits));
  if (begins(bytes, start) && written === computed) return;
  throw new InputError(
    'checkpoint.damaged',
    'this checkpoint is damaged: its bytes are not those that were written (SHA-256); ' +
      'put back a copy of the file, or train the run anew',
  );
}

/** A hash takes less than 2 GB at a time. */
const mostAtOnce = 1 << 30;

/** Returns the SHA-256 of parts, one after the other, in hexadecimal digits. */
function sha256(...parts: Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts)
    for (let from = 0; from < part.length; from += mostAtOnce)
      hash.update(part.subarray(from, from + mostAtOnce));
  return hash.digest('hex');
}

const begins = (bytes: Uint8Array, text: string): boolean =>
  Buffer.from(bytes.subarray(startAt, startAt + text.length)).toString('latin1') === text;
