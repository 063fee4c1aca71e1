import { quoted } from '../../../shared/sql.js';
import type { Database } from '../../duckdb/database.js';

/** Finds those columns of doubles that stand for longer whole numbers than a double holds. */
export async function longNumbers(
  db: Database,
  table: string,
  doubles: readonly string[],
): Promise<string[]> {
  if (doubles.length === 0) return [];
  const found = await db.row(
    `select ${doubles
      .map(quoted)
      .map((name, i) => `max(abs(${name})) >= 2e0 ** 53 and bool_and(${name} = floor(${name})) as c${i}`)
      .join(', ')} from ${quoted(table)}`,
  );
  return doubles.filter((_, i) => found[`c${i}`] === true);
}
