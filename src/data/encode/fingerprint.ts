import { createHash } from 'node:crypto';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { jsonPieces, type Encoder } from './encoder.js';

/** Ranges encode nothing, and encoders of older versions, whose runs are resumed, do not have them. */
const withoutRanges = (key: string, value: unknown): unknown => (key === 'range' ? undefined : value);

/** A part's rows as they are hashed: the bytes of all rows' arrays, one array after the other. */
interface HashedPart {
  readonly rows: number;
  readonly bytes: Iterable<Uint8Array>;
}

/** Returns a hash of an encoder and the rows that it encoded, by part: equal data has an equal fingerprint. */
export function fingerprintOf(encoder: Encoder, parts: readonly (HashedPart | null)[]): string {
  const hash = createHash('sha256');
  for (const piece of jsonPieces(encoder, withoutRanges)) hash.update(piece);
  for (const part of parts) {
    hash.update(part === null ? 'none' : `${part.rows}`);
    for (const bytes of part?.bytes ?? []) hash.update(bytes);
  }
  return hash.digest('hex').slice(0, 32);
}

/** Returns rows in memory as they are hashed. */
export const hashed = (rows: EncodedRows | null): HashedPart | null => {
  if (rows === null) return null;
  const { numeric, categorical, labels, targets = null, weights, lists = null } = rows;
  const bytes = [numeric, categorical, labels, targets, weights, lists].flatMap((array) =>
    array === null ? [] : [new Uint8Array(array.buffer, array.byteOffset, array.byteLength)],
  );
  return { rows: rows.rows, bytes };
};
