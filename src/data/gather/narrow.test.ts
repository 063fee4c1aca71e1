import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Database } from '../duckdb/database.js';
import { quoted } from '../../shared/sql.js';
import { narrowed } from './narrow.js';
import type { Wanted } from '../read/table/wanted.js';
import { readBlocks } from './read-blocks.fixture.js';
import { joined } from './read-columns.js';
import { loadSource } from '../read/load-source.js';
import { TempWorkspace } from '../temp-workspace.fixture.js';

let workspace: TempWorkspace;
let db: Database;
beforeEach(async () => {
  workspace = await TempWorkspace.create();
  db = await Database.open(workspace.folder);
});
afterEach(() => {
  db.close();
  return workspace.remove();
});

let tables = 0;

const numberType = (wanted: Wanted | undefined): string | undefined =>
  wanted?.kind === 'number' ? wanted.as : undefined;

/** Columns as they are read as doubles, and narrowed; null: a missing value. `where`: a condition on them. */
async function readBoth(columns: Record<string, (number | null)[]>, where: string | null = null) {
  const names = Object.keys(columns);
  const rows = Object.values(columns)[0]!.length;
  const lines = Array.from({ length: rows }, (_, row) =>
    names.map((column) => columns[column]![row] ?? '').join(','),
  );
  const source = `numbers ${tables++}.csv`;
  await workspace.write(source, `${[names.join(','), ...lines].join('\n')}\n`);
  const folders = { folder: workspace.folder, workspace: workspace.folder };
  const types = new Map(names.map((column) => [column, { type: 'DOUBLE' }]));
  const table = await loadSource(db, `numbers ${tables}`, source, { folders, read: { header: true }, types });
  const wanted = names.map((column): Wanted => ({ kind: 'number', sql: quoted(column) }));
  const narrow = await narrowed(db, table, wanted, where);
  const [doubles, found] = [
    await readBlocks(db, table, wanted, where),
    await readBlocks(db, table, narrow, where),
  ];
  const listed = (blocks: typeof doubles): Record<string, number[]> =>
    Object.fromEntries(names.map((column, i) => [column, Array.from<number>(joined(blocks, i))]));
  return {
    doubles: listed(doubles),
    found: listed(found),
    types: Object.fromEntries(names.map((column, i) => [column, numberType(narrow[i])])),
  };
}

it('holds each column in the smallest type that loses nothing', async () => {
  const { doubles, found, types } = await readBoth({
    byte: [0, 255, 7],
    short: [0, 256, 65_535],
    amount: [0, 65_536, 99_999],
    negative: [-1, 0, 1],
    half: [0.5, 0.25, 3],
    tenth: [0.1, 1, 2],
    missing: [1, null, 3],
    moment: [1_700_000_001, 1, 2],
    large: [16_777_217, 1, 2],
    huge: [1e300, 1, 2],
    none: [null, null, null],
    last: [1, 2, 3],
  });
  expect(types).toEqual({
    ...{
      byte: 'utinyint',
      short: 'usmallint',
      amount: 'float',
      negative: 'float',
      half: 'float',
      tenth: 'double',
    },
    ...{
      missing: 'float',
      moment: 'double',
      large: 'double',
      huge: 'double',
      none: 'float',
      last: 'utinyint',
    },
  });
  expect(found).toEqual(doubles);
});

it('looks only at the rows that are read', async () => {
  const { found, types } = await readBoth({ size: [1e300, 3, null, 4], kept: [0, 1, 0, 1] }, 'kept = 1');
  expect(types).toEqual({ size: 'utinyint', kept: 'utinyint' });
  expect(found['size']).toEqual([3, 4]);
});

it('loses nothing of any numbers', async () => {
  const whole = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });
  const kinds: fc.Arbitrary<number>[] = [
    whole(255),
    whole(70_000),
    fc.integer(),
    fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    fc.float({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  ];
  const column = fc.tuple(fc.constantFrom(...kinds), fc.boolean()).chain(([kind, mayMiss]) =>
    fc.array(mayMiss ? fc.option(kind.map((value) => value + 0)) : kind.map((value) => value + 0), {
      minLength: 5,
      maxLength: 5,
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.record({ a: column, b: column, c: column }), async (columns) => {
      const { doubles, found } = await readBoth({ ...columns, always: [1, 2, 3, 4, 5] });
      expect(found).toEqual(doubles);
      for (const [title, values] of Object.entries(columns))
        expect(found[title]).toEqual(values.map((value) => value ?? NaN));
    }),
    { numRuns: 40 },
  );
});
