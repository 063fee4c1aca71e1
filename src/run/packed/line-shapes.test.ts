import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NumberRow } from '../../shared/run/packed-events.js';
import { LineShapes } from './line-shapes.js';

/** Reads a line; returns its shape and its numbers, or null. */
function read(shapes: LineShapes<string>, line: string): { shape: string; numbers: number[] } | null {
  const row = new NumberRow(new Float64Array(2));
  const shape = shapes.read(Buffer.from(line), row);
  if (shape === null) expect(row.length).toBe(0);
  return shape === null ? null : { shape, numbers: [...row.values.subarray(0, row.length)] };
}

const name = fc.constantFrom('a', 'b"1', '-0.5', 'ü', '\\');
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.integer({ min: -1e6, max: 1e6 }).map((micros) => micros / 1e6),
  fc.constantFrom(-0, 5e-324, 1.7976931348623157e308, 0.1, 123456789012345680, 1e-7),
);
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    ...[number, name, fc.constantFrom(null, true), fc.array(tie('value'), { maxLength: 4 })],
    fc.dictionary(name, tie('value'), { maxKeys: 3 }),
  ),
})).value;

/** The numbers of a value in the order of its JSON. */
const numbersOf = (of: unknown): number[] =>
  typeof of === 'number'
    ? [of]
    : typeof of === 'object' && of !== null
      ? Object.values(of).flatMap(numbersOf)
      : [];
const shapeOf = (of: unknown): string =>
  JSON.stringify(of, (_, one: unknown) => (typeof one === 'number' ? 0 : one));

test('lines of known shapes give their numbers to the bit, and no other line is taken for one of them', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 12 }), fc.array(value, { maxLength: 12 }), (known, others) => {
      const shapes = new LineShapes<string>();
      for (const one of known) shapes.add(JSON.stringify(one), shapeOf(one));
      const learned = new Set(known.map(shapeOf));
      for (const one of [...known, ...others])
        expect(read(shapes, JSON.stringify(one))).toEqual(
          learned.has(shapeOf(one))
            ? { shape: shapeOf(one), numbers: numbersOf(JSON.parse(JSON.stringify(one))) }
            : null,
        );
    }),
  );
});

test('numbers are read as JSON has them, and what JSON does not take is none', () => {
  const shapes = new LineShapes<string>();
  shapes.add('[1]', 'list');
  for (const text of [
    '0',
    '-0',
    '1.50',
    '-12.25e+2',
    '1E-3',
    '0.1234567890123456789',
    '12345678901234567890',
  ])
    expect(read(shapes, `[${text}]`)?.numbers).toEqual([JSON.parse(text)]);
  for (const text of [
    '',
    '-',
    '01',
    '.5',
    '5.',
    '1e',
    '1e+',
    '+1',
    '1.5.5',
    '0x1',
    'NaN',
    '1 ',
    '"1"',
    '1,2',
    '1]',
  ])
    expect(read(shapes, `[${text}]`)).toBeNull();
  expect(read(shapes, '[1')).toBeNull();
});
