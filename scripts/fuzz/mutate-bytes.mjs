/** @import { Random } from './random.mjs' */

/** What damages a file, or is read as something else than it is. */
const inserts = [
  '\0',
  '\n',
  '\r\n',
  '"',
  "'",
  ',',
  ';',
  '\t',
  '\ufeff',
  '#',
  '{',
  '}',
  '[',
  '[]',
  '{}',
  'null',
  'NaN',
  'inf',
  '-',
  '1e999',
  '99999999999999999999999999999999999999999',
  '0x10',
  '2024-02-30',
  'é',
  '🙂',
  ' '.repeat(300),
  'x'.repeat(5000),
  ',,,,,,,,',
  '""',
  '\\',
  '\\u0000',
].map((text) => Buffer.from(text));

const broken = [Buffer.from([0xff]), Buffer.from([0xc3, 0x28]), Buffer.from([0xed, 0xa0, 0x80])];

/**
 * Returns a copy of bytes with one to a few changes: flipped, cut out, cut off, put in, repeated, swapped.
 * @param {Random} random
 * @param {Buffer} bytes
 */
export function mutatedBytes(random, bytes) {
  let result = bytes;
  const changes = 1 + random.below(random.happens(0.2) ? 30 : 3);
  for (let change = 0; change < changes; change++) result = changed(random, result);
  return result;
}

/**
 * @param {Random} random
 * @param {Buffer} bytes
 */
function changed(random, bytes) {
  const at = random.below(bytes.length + 1);
  const length = random.below(random.happens(0.1) ? bytes.length - at + 1 : 20);
  const piece = bytes.subarray(at, at + length);
  switch (random.below(8)) {
    case 0:
    case 1: {
      const copy = Buffer.from(bytes);
      if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
      return copy;
    }
    case 2:
      return spliced(bytes, at, length, Buffer.alloc(0));
    case 3:
      return random.happens(0.5) ? bytes.subarray(0, at) : bytes.subarray(at);
    case 4:
      return spliced(bytes, at, 0, random.of(random.happens(0.2) ? broken : inserts));
    case 5:
      return spliced(bytes, at, 0, Buffer.concat(Array.from({ length: 1 + random.below(50) }, () => piece)));
    case 6:
      return spliced(bytes, at, length, random.of(inserts));
    default: {
      const other = random.below(bytes.length + 1);
      return spliced(bytes, other, 0, piece);
    }
  }
}

/**
 * @param {Buffer} bytes
 * @param {number} at
 * @param {number} removed
 * @param {Buffer} added
 */
const spliced = (bytes, at, removed, added) =>
  Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
