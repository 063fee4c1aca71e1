import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { operationsHeader, planHeader } from './c-header.fixture.js';
import type { Kinds } from './kinds.js';
import { operation, operationFormats } from './operations.js';

/** Writes the header when it differs, and returns whether it did: build the kernel anew, and commit it. */
function rewritten(name: string, text: string): boolean {
  const file = new URL(`../kernel/${name}`, import.meta.url);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (text !== before) writeFileSync(file, text);
  return text !== before;
}

test('the kernel’s headers say what the tables say', () => {
  const changed = [rewritten('plan.h', planHeader()), rewritten('operations.h', operationsHeader())];
  expect(changed, 'a header was behind and has been rewritten').toEqual([false, false]);
});

test('a list of operands is the last one', () => {
  for (const [name, { operands }] of Object.entries<{ operands: Kinds }>(operationFormats)) {
    const fields = Object.values(operands).flatMap((kind) => kind.fields);
    const lists = fields.filter(({ type }) => typeof type !== 'string' && type.array);
    expect(lists.length === 0 || fields.at(-1) === lists[0], name).toBe(true);
  }
});

test('an operation is its code, its length and its operands in the order of the table', () => {
  const codes = Object.keys(operationFormats);
  const x = { at: 5, stride: 16 };
  expect(
    operation.mixBackward({
      h: x,
      dh: { at: 7, stride: 32 },
      width: 3,
      floor: 1,
      terms: [
        { dout: x, p: 8, dp: null, add: false },
        { dout: x, p: 9, dp: 10, add: true },
      ],
    }),
  ).toEqual([
    ...[codes.indexOf('mixBackward'), 19, 5, 16, 7, 32, 3, 0x3f800000, 2],
    ...[5, 16, 8, -1, 0],
    ...[5, 16, 9, 10, 1],
  ]);
  expect(operation.end({})).toEqual([0, 2]);
});
