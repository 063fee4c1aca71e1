import type { Database } from '../../duckdb/database.js';
import { quoted } from '../../../shared/sql.js';
import { typeKind } from '../../duckdb/type-kind.js';
import type { ReadOptions } from '../source-kind.js';
import { columnsOf, isOwnColumn } from '../table/stored-columns.js';

/**
 * Makes the values of `data.read.null` missing where a table has them as numbers: nan and infinities in every
 * table, in any spelling, and numbers such as -999 in those that bring their types. In a text file these are
 * missing where they are written so, as the reader has seen.
 */
export async function clearMissingNumbers(
  db: Database,
  table: string,
  read: ReadOptions,
  { bringsTypes }: { readonly bringsTypes: boolean },
): Promise<void> {
  const texts = (read.null ?? []).map((text) => text.trim());
  const infinite = texts.flatMap((text) => notFinite(text));
  const numbers = bringsTypes ? texts.filter((text) => text !== '' && Number.isFinite(Number(text))) : [];
  if (infinite.length === 0 && numbers.length === 0) return;
  for (const { name, type } of await columnsOf(db, quoted(table))) {
    const missing = isOwnColumn(name) ? missingOf(type, infinite, numbers) : [];
    if (missing.length === 0) continue;
    const column = quoted(name);
    await db.run(
      `update ${quoted(table)} set ${column} = null where ${column}::double in (${missing.join(', ')})`,
    );
  }
}

function missingOf(type: string, infinite: readonly string[], numbers: readonly string[]): string[] {
  switch (typeKind(type)) {
    case 'float':
      return [...infinite, ...numbers.map((text) => `${Number(text)}::double`)];
    case 'integer':
    case 'decimal':
      return numbers.map((text) => `${Number(text)}::double`);
    case 'boolean':
    case 'time':
    case 'text':
    case 'other':
      return [];
  }
}

/** Returns the SQL of a text that spells a number which is not finite; none for any other text. */
function notFinite(text: string): string[] {
  const [, sign = '', name] = /^([+-]?)(nan|inf|infinity)$/i.exec(text) ?? [];
  if (name === undefined) return [];
  return /^nan$/i.test(name) ? [`'nan'::double`] : [`'${sign === '-' ? '-' : ''}inf'::double`];
}
