import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentInput } from '../experiment/schema.js';
import { listAt } from '../network/fields/lists.js';
import { encodeSource } from './encode/encode-source.js';
import { encoderBytes, inputOf, parseEncoder, type Encoder } from './encode/encoder.js';
import { FormEncoder } from './encode/new/form-encoder.js';
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

describe('shares', () => {
  const bought = (settings: object): ExperimentInput => ({
    data: { source: 'items.csv', validation: 0, test: 0 },
    columns: {
      bought: { kind: 'categorical', shares: 'Item' },
      item: { kind: 'categorical', encode: { embedding: 4 }, minCount: 2, ...settings },
    },
    tasks: [{ label: 'y' }],
  });
  const items = ['a', 'b', 'c', 'd', 'a'];
  const boughtItems = ['b', 'c', 'e', 'b', ''];
  const table = csv(5, {
    item: (row) => items[row]!,
    bought: (row) => boughtItems[row]!,
    y: (row) => row % 2,
  });

  it('uses one table for both columns, with the union of their values and the owner’s minCount', async () => {
    await workspace.write('items.csv', table);
    const { encoder, train } = await workspace.prepare(bought({}));
    expect(inputOf(encoder).fields).toEqual([
      { name: 'item', size: 4, encode: { embedding: 4 } },
      { name: 'bought', size: 4, encode: { embedding: 4 }, table: 'item' },
    ]);
    expect(encoder.categorical.map(({ values }) => [...values])).toEqual([['b', 'a', 'c'], []]);
    // b comes 3 times, a and c twice; d, e and the missing value have the place of unseen ones.
    expect([...train.categorical]).toEqual([2, 1, 1, 3, 3, 0, 0, 1, 2, 0]);
    const readBack = parseEncoder(encoderBytes(encoder).toString());
    expect(await indices(readBack, 'item,bought\nc,a\nx,c\n')).toEqual([3, 2, 0, 3]);
  });

  it('hashes both columns alike', async () => {
    await workspace.write('items.csv', table);
    const { encoder, train, vocabularies } = await workspace.prepare(
      bought({ encode: { embedding: 4, hash: 9 }, minCount: undefined }),
    );
    expect(vocabularies).toMatchObject([{ name: 'item', values: 5, buckets: 9 }]);
    const [, first, second] = [0, 1, 2].map((row) => [...train.categorical.subarray(2 * row, 2 * row + 2)]);
    expect(first![0]).toBe(train.categorical[1]);
    expect(second![0]).toBe(first![1]);
    expect(inputOf(encoder).fields.map(({ size }) => size)).toEqual([10, 10]);
  });
});

describe('set', () => {
  const genres = (settings: object = {}): ExperimentInput => ({
    data: { source: 'films.csv', validation: 0, test: 0 },
    columns: { genres: { kind: 'set', separator: '|', ...settings } },
    tasks: [{ label: 'y' }],
  });
  const lists = ['drama|war', 'drama', '', 'war| drama |drama', '|', 'comedy|drama'];
  const films = csv(6, { genres: (row) => lists[row]!, y: (row) => row % 2 });

  const listed = ({ train }: Awaited<ReturnType<TempWorkspace['prepare']>>) =>
    Array.from(train.categorical, (entry) =>
      listAt(train.lists!, entry).map(({ value, share }) => [value, share]),
    );

  it('is one input per value, which is 1 for each that a field has', async () => {
    await workspace.write('films.csv', films);
    const data = await workspace.prepare(genres());
    const [column] = data.encoder.categorical;
    expect([...column!.values]).toEqual(['drama', 'war', 'comedy']);
    expect(column!.set).toEqual({ separator: '|', pool: 'sum' });
    expect(data.input.fields).toEqual([{ name: 'genres', size: 4, encode: 'onehot', several: true }]);
    expect(listed(data)).toEqual([
      [
        [1, 1],
        [2, 1],
      ],
      [[1, 1]],
      [[0, 1]],
      [
        [2, 1],
        [1, 1],
      ],
      [],
      [
        [3, 1],
        [1, 1],
      ],
    ]);
  });

  it('is the mean of embeddings, in which unseen values have the place of index 0', async () => {
    await workspace.write('films.csv', films);
    const data = await workspace.prepare(genres({ encode: { embedding: 2 }, minCount: 2 }));
    expect(data.encoder.categorical[0]!.set).toEqual({ separator: '|', pool: 'mean' });
    expect(listed(data)).toEqual([
      [
        [1, 0.5],
        [2, 0.5],
      ],
      [[1, 1]],
      [[0, 1]],
      [
        [2, 0.5],
        [1, 0.5],
      ],
      [],
      [
        [0, 0.5],
        [1, 0.5],
      ],
    ]);
  });

  it('weighs values, and refuses a weight that is none', async () => {
    const weighed = genres({ weights: ':', encode: { embedding: 2 }, minCount: 1 });
    await workspace.write('films.csv', 'genres,y\ndrama:3|war,0\ndrama:0.5|drama:0.5|war:0,1\nwar:2,0\n');
    expect(listed(await workspace.prepare(weighed))).toEqual([
      [
        [2, 0.75],
        [1, 0.25],
      ],
      [[2, 1]],
      [[1, 1]],
    ]);
    await workspace.write('films.csv', 'genres,y\ndrama:3|war,0\ndrama:x,1\nwar:2,0\n');
    await expect(workspace.prepare(weighed)).rejects.toThrow(
      'the weight in "drama:x" is no number of 0 or more',
    );
  });

  it('takes lists, of whole numbers too, and texts for them in another table', async () => {
    const source = {
      sql: 'select case range % 3 when 0 then [1, 2] when 1 then [2] end as ids, range % 2 as y from range(6)',
    };
    const data = await workspace.prepare({
      data: { source, validation: 0, test: 0 },
      columns: { ids: { kind: 'set', encode: { embedding: 2 }, minCount: 1 } },
      tasks: [{ label: 'y' }],
    });
    expect(data.encoder.categorical[0]).toMatchObject({ type: expect.stringMatching(/\[\]$/) as string });
    expect(listed(data).slice(0, 3)).toEqual([
      [
        [2, 0.5],
        [1, 0.5],
      ],
      [[1, 1]],
      [[0, 1]],
    ]);
    await expect(indices(data.encoder, 'ids\n1\n')).rejects.toThrow('column "ids" is');
    const form = new FormEncoder(data.encoder, workspace.folder);
    for (const ids of ['2, 9', '[2, 9]', '["2","9"]']) {
      const { rows, remarks } = await form.encode({ ids });
      expect(listAt(rows!.lists!, rows!.categorical[0]!)).toEqual([
        { value: 1, share: 0.5 },
        { value: 0, share: 0.5 },
      ]);
      expect(remarks).toEqual([{ column: 'ids', is: 'unseen' }]);
    }
    form.close();
    await workspace.write('more.jsonl', '{"ids": [2, 9]}\n{"ids": []}\n{"ids": null}\n');
    for await (const { rows } of encodeSource(data.encoder, 'more.jsonl', workspace.options)) {
      const found = Array.from(rows.categorical, (entry) => listAt(rows.lists!, entry));
      expect(found.map((one) => one.map(({ value, share }) => [value, share]))).toEqual([
        [
          [1, 0.5],
          [0, 0.5],
        ],
        [],
        [[0, 1]],
      ]);
    }
  });

  it('says what is missing to read a column as several values', async () => {
    await workspace.write('films.csv', films);
    await expect(workspace.prepare(genres({ separator: undefined }))).rejects.toThrow(
      '"genres" is a text; say what stands between its values: "separator": "|"',
    );
    const numbers = {
      ...genres({ separator: undefined }),
      data: { source: { sql: 'select 1.5 as genres, 1 as y' } },
    };
    await expect(workspace.prepare(numbers)).rejects.toThrow('no list, and no text');
  });

  it('shares the embeddings of single values', async () => {
    await workspace.write(
      'films.csv',
      csv(4, {
        seen: (row) => ['a|b', 'b', 'a|b|c', ''][row]!,
        film: (row) => ['a', 'b', 'a', 'd'][row]!,
        y: (row) => row % 2,
      }),
    );
    const data = await workspace.prepare({
      data: { source: 'films.csv', validation: 0, test: 0 },
      columns: {
        seen: { kind: 'set', separator: '|', shares: 'film' },
        film: { kind: 'categorical', encode: { embedding: 3 }, minCount: 1 },
      },
      tasks: [{ label: 'y' }],
    });
    expect(data.input.fields).toMatchObject([
      { several: true, table: 'film', size: 5 },
      { name: 'film', size: 5 },
    ]);
    const [a, b] = [data.train.categorical[1]!, data.train.categorical[3]!];
    expect(listAt(data.train.lists!, data.train.categorical[0]!)).toEqual([
      { value: a, share: 0.5 },
      { value: b, share: 0.5 },
    ]);
  });
});
