import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentInput } from '../experiment/schema.js';
import { encodeSource } from './encode/encode-source.js';
import { encoderBytes, inputOf, parseEncoder, type Encoder } from './encode/encoder.js';
import { csv, TempWorkspace } from './temp-workspace.fixture.js';

let workspace: TempWorkspace;
beforeEach(async () => {
  workspace = await TempWorkspace.create();
});
afterEach(() => workspace.remove());

const experiment = (item: NonNullable<ExperimentInput['columns']>[string]): ExperimentInput => ({
  data: { source: 'items.csv', validation: 0, test: 0 },
  columns: { item },
  tasks: [{ label: 'y' }],
});

/** Encodes the items of another table. */
async function indices(encoder: Encoder, content: string): Promise<number[]> {
  await workspace.write('more.csv', content);
  const found: number[] = [];
  for await (const { rows } of encodeSource(encoder, 'more.csv', workspace.options))
    found.push(...rows.categorical);
  return found;
}

describe('maxValues', () => {
  const item = (row: number): string => ['a', 'a', 'b', 'b', 'b', 'c', 'c', 'd', 'e', 'e'][row % 10]!;

  it('keeps the most frequent values, of equally frequent ones the first by their text', async () => {
    await workspace.write('items.csv', csv(60, { item, y: (row) => row % 2 }));
    const { encoder, train, vocabularies } = await workspace.prepare(
      experiment({ kind: 'categorical', maxValues: 3 }),
    );
    expect([...encoder.categorical[0]!.values]).toEqual(['b', 'a', 'c']);
    expect([...train.categorical.subarray(0, 10)]).toEqual([2, 2, 1, 1, 1, 3, 3, 0, 0, 0]);
    expect(vocabularies).toEqual([{ name: 'item', values: 5, kept: 3, rest: 0.3 }]);
  });

  it('counts after minCount, and decides about the encoding', async () => {
    const many = (row: number): string => `v${row % 1500}`;
    await workspace.write('items.csv', csv(3001, { item: many, y: (row) => row % 2 }));
    const of = async (settings: { minCount?: number; maxValues?: number }) => {
      const { encoder } = await workspace.prepare(experiment({ kind: 'categorical', ...settings }));
      const { values, encode } = encoder.categorical[0]!;
      return { values: values.length, encode };
    };
    expect(await of({})).toEqual({ values: 1500, encode: { embedding: 28 } });
    expect(await of({ maxValues: 1000 })).toEqual({ values: 1000, encode: 'onehot' });
    expect(await of({ maxValues: 1000, minCount: 3 })).toEqual({ values: 1, encode: 'onehot' });
  });
});

describe('hash', () => {
  const hashed = experiment({ kind: 'categorical', encode: { embedding: 4, hash: 50 } });
  const asked = (item: string): ExperimentInput => ({
    ...hashed,
    data: { ...hashed.data, source: { sql: `select ${item} as item, range % 2 as y from range(40)` } },
  });

  it('gives every value a bucket, unseen ones too, and counts those that share theirs', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `item ${i}`);
    await workspace.write(
      'items.csv',
      csv(200, { item: (row) => (row === 7 ? '' : names[row % 40]!), y: (row) => row % 2 }),
    );
    const { encoder, train, vocabularies } = await workspace.prepare(hashed);
    const [column] = encoder.categorical;
    expect(column).toMatchObject({
      encode: { embedding: 4, hash: 50 },
      hash: { function: 'murmur3-x86-32', seed: 0 },
    });
    expect(column!.values.length).toBe(0);
    expect(inputOf(encoder).fields).toEqual([{ name: 'item', size: 51, encode: { embedding: 4 } }]);
    expect(train.categorical[7]).toBe(0);
    const buckets = names.map((_, i) => train.categorical[i === 7 ? 47 : i]!);
    const sharing = buckets.filter((one) => buckets.filter((other) => other === one).length > 1).length;
    expect(vocabularies).toEqual([{ name: 'item', values: 40, sharing, buckets: 50 }]);
    expect(sharing).toBeGreaterThan(0);
    const readBack = parseEncoder(encoderBytes(encoder).toString());
    expect(await indices(readBack, 'item\nitem 3\n\nunseen\nitem 39\n')).toEqual([
      buckets[3],
      0,
      expect.toSatisfy((bucket: number) => bucket >= 1 && bucket <= 50),
      buckets[39],
    ]);
  });

  it('gives a number the same bucket however a table writes it', async () => {
    const { encoder, train } = await workspace.prepare(asked('100 + range % 20'));
    expect(encoder.categorical[0]!.type).toBe('BIGINT');
    const three = [...train.categorical.subarray(0, 3)];
    expect(await indices(encoder, 'item\n100\n101\n102\n')).toEqual(three);
    expect(await indices(encoder, 'item,x\n100.0,\n101.0,\n102.0,\n,\n')).toEqual([...three, 0]);
    expect(await indices(encoder, 'item,x\n0100,\n101.0,\nhello,\n')).toEqual([
      three[0],
      three[1],
      expect.any(Number),
    ]);
  });

  it('refuses a table in which the same values would be other texts', async () => {
    const { encoder } = await workspace.prepare(asked("date '2024-01-10' + (range % 20)::integer"));
    await expect(indices(encoder, 'item\n2024-01-10 00:00:00\n2024-01-11 12:00:00\n')).rejects.toThrow(
      'column "item" is TIMESTAMP here, and was DATE when it was learned',
    );
  });
});
