import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isColumnType } from './column-type.js';
import { Database } from './database.js';

const types = [
  ...[
    'BIGINT',
    'DECIMAL(18,3)',
    'DOUBLE',
    'VARCHAR',
    'UUID',
    'BOOLEAN',
    'DATE',
    'TIMESTAMP WITH TIME ZONE',
    'JSON',
  ],
  ...["ENUM('it''s', 'a) , (b', 'x')", 'INTEGER[2]', 'VARCHAR[][]', 'MAP(VARCHAR, INTEGER)'],
  'STRUCT("from" INTEGER, "a "" b" INTEGER[])',
];

it.each(types)('%s is a column type', (type) => {
  expect(isColumnType(type)).toBe(true);
});

it.each([
  '',
  'INTEGER), (SELECT 1',
  'INTEGER)::VARCHAR, current_user::text(',
  'DECIMAL((select 5), 2)',
  "VARCHAR) from 'other.csv' --",
  'INTEGER, 1',
  'INTEGER; drop table data_raw',
  'INTEGER /* x */',
  "ENUM('a)",
  '(INTEGER)',
])('«%s» is none', (type) => {
  expect(isColumnType(type)).toBe(false);
});

it('whatever passes stays inside of its cast', async () => {
  const db = await Database.open(process.cwd());
  try {
    const parts = fc.constantFrom(
      ...types,
      '(',
      ')',
      ',',
      "'",
      '"',
      ' ',
      '1',
      ';',
      '--',
      'select',
      'from',
      'x',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { maxLength: 5 }), async (written) => {
        const type = written.join('');
        if (!isColumnType(type)) return;
        const columns = await db
          .rows(`describe select try_cast(null as ${type})::varchar as value`)
          .catch(() => null);
        if (columns !== null)
          expect(columns.map((column) => [column['column_name'], column['column_type']])).toEqual([
            ['value', 'VARCHAR'],
          ]);
      }),
      { numRuns: 300 },
    );
  } finally {
    db.close();
  }
});
