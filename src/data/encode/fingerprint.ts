import { createHash } from 'node:crypto';
import type { EncodedParts } from './encode-parts.js';
import { jsonPieces, type Encoder } from './encoder.js';

/** Ranges encode nothing, and encoders of older versions, whose runs are resumed, do not have them. */
const withoutRanges = (key: string, value: unknown): unknown => (key === 'range' ? undefined : value);

/** Returns a hash of an encoder and the rows that it encoded: equal data has an equal fingerprint. */
export function fingerprintOf(encoder: Encoder, { train, validation, test }: EncodedParts): string {
  const hash = createHash('sha256');
  for (const piece of jsonPieces(encoder, withoutRanges)) hash.update(piece);
  for (const part of [train, validation, test]) {
    hash.update(part === null ? 'none' : `${part.rows}`);
    if (part === null) continue;
    for (const array of [part.numeric, part.categorical, part.labels, part.targets ?? null, part.weights])
      if (array !== null) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return hash.digest('hex').slice(0, 32);
}
