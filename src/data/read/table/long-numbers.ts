import { quoted } from '../../../shared/sql.js';
import { inParts } from '../../duckdb/column-parts.js';
import type { Database } from '../../duckdb/database.js';

/** Finds those columns of doubles that stand for longer whole numbers than a double holds. */
export async function longNumbers(
  db: Database,
  table: string,
  doubles: readonly string[],
): Promise<string[]> {
  const long: string[] = [];
  for (const some of inParts(doubles)) {
    const found = await db.row(
      `select ${some
        .map(quoted)
        .map((name, i) => `max(abs(${name})) >= 2e0 ** 53 and bool_and(${name} = floor(${name})) as c${i}`)
        .join(', ')} from ${quoted(table)}`,
    );
    long.push(...some.filter((_, i) => found[`c${i}`] === true));
  }
  return long;
}
