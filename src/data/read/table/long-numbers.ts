import { quoted } from '../../../shared/sql.js';
import { inParts } from '../../duckdb/column-parts.js';
import type { Database } from '../../duckdb/database.js';

/** Returns the SQL of whether a double may stand for a longer whole number than a double holds. */
export const isLong = (sql: string): string => `abs(${sql}) >= 2e0 ** 53 and ${sql} = floor(${sql})`;

/** Says of a column of numbers that doubles hold some of its whole numbers only about. `remedy`: what keeps them. */
export const noteOnLongNumbers = (name: string, example: string, remedy = 'set it to categorical'): string =>
  `column "${name}" has whole numbers of more digits than a double holds, such as ${example}, beside fractions, and ` +
  `is read as doubles, in which neighbours are the same; correct the fractions, or ${remedy}`;

/** Finds those columns of doubles of which some may stand for longer whole numbers than a double holds. */
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
        .map((name, i) => `bool_or(${isLong(name)}) as c${i}`)
        .join(', ')} from ${quoted(table)}`,
    );
    long.push(...some.filter((_, i) => found[`c${i}`] === true));
  }
  return long;
}
