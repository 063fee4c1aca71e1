import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Database } from '../../duckdb/database.js';
import { literal } from '../../../shared/sql.js';
import { TempWorkspace } from '../../temp-workspace.fixture.js';
import { cleaning, cleanTextSql, isNumericText } from './clean-text.js';

it('a text counts as the same in SQL and in TypeScript', async () => {
  const workspace = await TempWorkspace.create();
  const db = await Database.open(workspace.folder);
  const character = fc.constantFrom(' ', '\t', '\r', '\n', 'a', '?', "'", '\u00a0', '\u3000', 'é', '🙂');
  const text = fc.string({ unit: character, maxLength: 6 });
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1 }), fc.array(text), async (texts, missing) => {
        const read = { null: [...missing, ...texts.slice(0, 1)] };
        const values = texts.map((one) => cleanTextSql(literal(one), read));
        const found = await db.row(`select ${values.map((sql, i) => `${sql} as c${i}`).join(', ')}`);
        expect(texts.map((_, i) => found[`c${i}`])).toEqual(texts.map(cleaning(read)));
      }),
      { numRuns: 60 },
    );
  } finally {
    db.close();
    await workspace.remove();
  }
});

it.each(['5', '-0.5', '.5', '5.', '+1e3', ' 7 ', '0x1F', '0b11', '0o7', '1_000', '1e', '', '.', '5 kg'])(
  'a text is a number if it is one to DuckDB: %s',
  async (text) => {
    const workspace = await TempWorkspace.create();
    const db = await Database.open(workspace.folder);
    try {
      const cast = `try_cast(${literal(text)} as double) is not null and not contains(${literal(text)}, '_')`;
      expect(isNumericText(text)).toBe((await db.row(`select ${cast} as is`))['is']);
    } finally {
      db.close();
      await workspace.remove();
    }
  },
);
