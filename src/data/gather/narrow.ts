import { inParts } from '../duckdb/column-parts.js';
import { countOf, type Database } from '../duckdb/database.js';
import { quoted } from '../../shared/sql.js';
import type { NumberType, Wanted } from '../read/table/wanted.js';
import type { SourceTable } from '../read/table/source-table.js';

/**
 * Returns what is wanted with each number in the smallest type that holds it exactly in every row: ages take
 * one byte, most amounts four. The numbers wait in memory until the encoder has learned from all of them.
 * `where`: an SQL condition.
 */
export async function narrowed(
  db: Database,
  table: SourceTable,
  wanted: readonly Wanted[],
  where: string | null,
): Promise<Wanted[]> {
  const numbers = wanted.filter((one) => one.kind === 'number');
  const types = new Map<Wanted, NumberType>();
  for (const some of inParts(numbers)) {
    const found = await smallestTypes(db, table, some, where);
    for (const [i, one] of some.entries()) types.set(one, found[i]!);
  }
  return wanted.map((one) => (one.kind === 'number' ? { ...one, as: types.get(one) ?? 'double' } : one));
}

/** Returns the smallest type for each of some numbers. */
async function smallestTypes(
  db: Database,
  table: SourceTable,
  numbers: readonly Extract<Wanted, { kind: 'number' }>[],
  where: string | null,
): Promise<NumberType[]> {
  const asked = numbers.flatMap((_, i) => [
    `count(v${i}) as n${i}`,
    `min(v${i}) as low${i}`,
    `max(v${i}) as high${i}`,
    `bool_and(v${i} = floor(v${i})) as whole${i}`,
    `bool_and(try_cast(v${i} as float)::double is not distinct from v${i}) as single${i}`,
  ]);
  const values = numbers.map(({ sql }, i) => `(${sql})::double as v${i}`).join(', ');
  const found = await db.row(
    `select count(*) as n, ${asked.join(', ')}
     from (select ${values} from ${quoted(table.view)} where ${where ?? 'true'})`,
  );
  return numbers.map((_, i) => smallest(i));

  function smallest(i: number): NumberType {
    const isCount =
      countOf(found[`n${i}`]) === countOf(found['n']) &&
      found[`whole${i}`] === true &&
      countOf(found[`low${i}`]) >= 0;
    if (isCount && countOf(found[`high${i}`]) <= 0xff) return 'utinyint';
    if (isCount && countOf(found[`high${i}`]) <= 0xffff) return 'usmallint';
    return found[`single${i}`] === true ? 'float' : 'double';
  }
}
