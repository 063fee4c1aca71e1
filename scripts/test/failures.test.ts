import { expect, it } from 'vitest';
import { failureLines, vitestAgain } from './failures.mjs';

const passed = { passed: 1, failed: 0, skipped: [], output: '' };

it('what failed is said a line each, with commands that run just that', () => {
  const unit = {
    ...{ name: 'unit', passed: 3, failed: 2, skipped: [], output: 'much' },
    failures: ['a.test.ts: adds > one', 'b.test.ts: cannot be loaded\n  at line 3'],
    again: ['npx vitest run a.test.ts'],
  };
  const format = { name: 'format', passed: 0, failed: 1, skipped: [], output: 'x.ts' };
  expect(failureLines([{ name: 'build', ...passed }, unit, format])).toEqual([
    'failed in unit:',
    '  a.test.ts: adds > one',
    '  b.test.ts: cannot be loaded',
    '  again: npx vitest run a.test.ts',
    'failed in format',
    '  again: npm test -- format',
  ]);
});

it('where nothing failed, nothing is said', () => {
  expect(failureLines([{ name: 'build', ...passed }])).toEqual([]);
});

it('tests are run again a file at a time, a file that could not be loaded as a whole', () => {
  const failed = [
    { file: 'a.test.ts', test: "it's 2 × (3 + 1), not 7" },
    { file: 'b.test.ts', test: null },
    { file: 'a.test.ts', test: 'äpfel|birnen' },
    { file: null, test: null },
  ];
  expect(vitestAgain(['--config', 'x.ts'], failed)).toEqual([
    "npx vitest run --config x.ts a.test.ts -t 'it.s 2 . .3 . 1., not 7|äpfel.birnen'",
    'npx vitest run --config x.ts b.test.ts',
  ]);
});
