import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NamedArrays } from '../../network/parameters.js';
import { InputError } from '../../shared/errors.js';
import { decodeSafeTensors, encodeSafeTensors } from './safetensors.js';

const array = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).chain((shape) => {
  const length = shape.reduce((product, size) => product * size, 1);
  return fc
    .array(fc.float(), { minLength: length, maxLength: length })
    .map((data) => ({ shape, data: Float32Array.from(data) }));
});
const arrays: fc.Arbitrary<NamedArrays> = fc
  .dictionary(
    fc.string().filter((name) => name !== '__metadata__'),
    array,
    { maxKeys: 6 },
  )
  .map((named) => new Map(Object.entries(named)));
const metadata = fc
  .dictionary(fc.string(), fc.string(), { maxKeys: 4 })
  .map((texts) => new Map(Object.entries(texts)));

const bits = (data: Float32Array) => [...new Uint32Array(data.buffer, data.byteOffset, data.length)];
const readable = (named: NamedArrays) =>
  new Map([...named].map(([name, { shape, data }]) => [name, { shape, bits: bits(data) }]));

/** A file with this header text and so many bytes of data. */
function file(header: string, dataBytes: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

describe('safetensors', () => {
  it('read back what was written, to the bit', () => {
    fc.assert(
      fc.property(arrays, metadata, (named, texts) => {
        const decoded = decodeSafeTensors(encodeSafeTensors({ arrays: named, metadata: texts }));
        expect(readable(decoded.arrays)).toEqual(readable(named));
        expect(decoded.metadata).toEqual(texts);
      }),
    );
  });

  it('read the same from a Buffer that is part of a larger one, at any alignment', () => {
    const bytes = encodeSafeTensors({
      arrays: new Map([['a', { shape: [2], data: Float32Array.of(1.5, -2) }]]),
      metadata: new Map(),
    });
    for (const offset of [0, 1, 2, 3]) {
      const shifted = Buffer.concat([Buffer.alloc(offset, 255), bytes]).subarray(offset);
      expect([...decodeSafeTensors(shifted).arrays.get('a')!.data]).toEqual([1.5, -2]);
    }
  });

  it('start their data on a multiple of 8 bytes', () => {
    fc.assert(
      fc.property(arrays, (named) => {
        const bytes = encodeSafeTensors({ arrays: named, metadata: new Map() });
        expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
      }),
    );
  });

  it('are refused when cut short or lengthened anywhere', () => {
    fc.assert(
      fc.property(arrays, metadata, fc.nat(), (named, texts, at) => {
        const bytes = encodeSafeTensors({ arrays: named, metadata: texts });
        expect(() => decodeSafeTensors(bytes.subarray(0, at % bytes.length))).toThrow(InputError);
        expect(() => decodeSafeTensors(Uint8Array.of(...bytes, 0))).toThrow(InputError);
      }),
    );
  });

  it('end in arrays or an InputError whatever bytes come', () => {
    fc.assert(
      fc.property(arrays, fc.nat(), fc.nat({ max: 255 }), (named, at, byte) => {
        const bytes = encodeSafeTensors({ arrays: named, metadata: new Map() });
        bytes[at % bytes.length] = byte;
        try {
          decodeSafeTensors(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
    );
  });

  it.each([
    ['another type', '{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}', 4, /only F32/],
    ['a gap', '{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 8, /starts at byte 4/],
    [
      'an overlap',
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},' +
        '"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      4,
      /starts at byte 0 of the data, 4 was expected/,
    ],
    [
      'a wrong length',
      '{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,4]}}',
      4,
      /takes 4 bytes, its shape says 12/,
    ],
    ['a negative size', '{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 4, /not a list of counts/],
    ['one offset', '{"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}}', 4, /not two counts/],
    ['metadata that are no texts', '{"__metadata__":{"a":1}}', 0, /not a text/],
    ['a header that is a list', '[]', 0, /does not start with \{/],
    ['a header that is no JSON', '{"a"', 0, /not JSON/],
  ])('with %s are refused with a reason', (_, header, dataBytes, reason) => {
    expect(() => decodeSafeTensors(file(header, dataBytes))).toThrow(reason);
  });

  it('refuse a header of absurd length before they allocate', () => {
    const bytes = new Uint8Array(16).fill(255);
    expect(() => decodeSafeTensors(bytes)).toThrow(/the format allows/);
  });
});
