import { afterEach, beforeEach, expect, it } from 'vitest';
import { TempWorkspace } from '../../temp-workspace.fixture.js';
import { HashedTexts } from './hashed-texts.js';

let workspace: TempWorkspace;
beforeEach(async () => {
  workspace = await TempWorkspace.create();
});
afterEach(() => workspace.remove());

it('finds texts whose hashes lead to the same place, and refuses two texts with one hash', () => {
  const hashes = [3, 11, 19, 2 ** 52 + 3, 0];
  const found = new HashedTexts(Float64Array.from(hashes));
  expect([...found.codesOf(Float64Array.from([0, -1, 19, 3, 2 ** 52 + 3, 11]))]).toEqual([5, 0, 3, 1, 4, 2]);
  expect(() => new HashedTexts(Float64Array.from([1, 1]))).toThrow('two texts');
});

it('gives rows of a column of very many texts the same codes as their texts say', async () => {
  const rows = 150_000;
  const text = (row: number): string => (row % 7 === 0 ? '' : ` user ${(row * 7919) % 90_001} `);
  const lines = Array.from({ length: rows }, (_, row) => `"${text(row)}",${row % 2}`);
  await workspace.write('many.csv', `user,y\n${lines.join('\n')}\n`);
  const { train, encoder } = await workspace.prepare({
    data: { source: 'many.csv', validation: 0, test: 0 },
    columns: { user: { kind: 'categorical', encode: { embedding: 2 }, minCount: 1 } },
    tasks: [{ label: 'y' }],
  });
  const [user] = encoder.categorical;
  expect(user!.values.length).toBeGreaterThan(65_535);
  const wrong = Array.from({ length: rows }, (_, row) => row).filter(
    (row) => (user!.values.at(train.categorical[row]! - 1) ?? '') !== text(row).trim(),
  );
  expect(wrong).toEqual([]);
});
