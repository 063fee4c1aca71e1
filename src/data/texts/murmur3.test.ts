import { expect, it } from 'vitest';
import { murmur3 } from './murmur3.js';

const hashOf = (text: string, seed = 0): number => {
  const bytes = Buffer.from(`..${text}`);
  return murmur3(bytes, 2, bytes.length, seed);
};

it.each([
  // Appleby's own reference implementation gives these.
  ['', 0, 0],
  ['', 1, 0x514e28b7],
  ['', 0xffffffff, 0x81f16f39],
  ['test', 0, 0xba6bd213],
  ['test', 0x9747b28c, 0x704b81dc],
  ['Hello, world!', 0, 0xc0363e43],
  ['Hello, world!', 0x9747b28c, 0x24884cba],
  ['The quick brown fox jumps over the lazy dog', 0, 0x2e4ff723],
  ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
])('the hash of %j with seed %d is that of other implementations', (text, seed, hash) => {
  expect(hashOf(text, seed)).toBe(hash);
});
