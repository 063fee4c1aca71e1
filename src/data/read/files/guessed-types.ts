import { literal, quoted } from '../../../shared/sql.js';
import { countOf, type Database, type Row } from '../../duckdb/database.js';
import { refusalOf } from '../../duckdb/refusal.js';
import { isLong, noteOnLongNumbers } from '../table/long-numbers.js';
import { columnsOf, type Stored } from '../table/stored-columns.js';
import { noteOnZones } from '../texts/settle-texts.js';
import { hasZone, zonedType } from '../texts/text-types.js';

/** Files that a query reads in types that DuckDB guesses from a sample of their rows. */
export interface GuessedRead {
  readonly format: 'csv' | 'json';
  /** Returns the SQL of their rows with further arguments of the reader. */
  readonly rows: (more: MoreArguments) => string;
  /** Columns whose types the query says itself, in lower case, in a list that takes more of them; null: it says none. */
  readonly said: ReadonlySet<string> | null;
}

/** What a reader is told besides what the query says. */
export interface MoreArguments {
  /** Arguments, each after a comma. */
  readonly more: string;
  /** Entries for the query's own list of types, each before a comma. */
  readonly types: string;
}

export const nothingMore: MoreArguments = { more: '', types: '' };

/** The types of which the reader changes values without an error, with those that keep them or show what they are. */
const widerTypes: ReadonlyMap<string, string> = new Map([
  ['BIGINT', 'DOUBLE'],
  ['DATE', 'TIMESTAMP'],
  ['TIMESTAMP', 'VARCHAR'],
  [zonedType, 'VARCHAR'],
  ['DOUBLE', 'DOUBLE'],
]);

/** What a query's reader is told, and what should be known of the columns that it reads. */
export interface SettledRead extends MoreArguments {
  readonly notes: readonly string[];
}

/**
 * Returns the arguments of a reader by which it changes no value: of guessed types DuckDB rounds 3.75 in a column
 * of whole numbers and digits beyond 64 bits, drops the time in one of dates and the zone of a time, and in JSON
 * passes over keys. JSON is looked at whole; of text only the doubtful columns are read once more, for to guess
 * from all rows takes several times as long.
 */
export async function argumentsFor(db: Database, guessed: GuessedRead): Promise<SettledRead> {
  const { format, rows, said } = guessed;
  const plain = { more: format === 'json' ? ', sample_size = -1' : '', types: '' };
  try {
    const columns = await columnsOf(db, rows(plain));
    const doubtful = columns.flatMap(({ name, type }) => {
      const wider = format === 'json' && type !== 'DOUBLE' ? undefined : widerTypes.get(type);
      return wider === undefined || said?.has(name.toLowerCase()) === true ? [] : [{ name, type, wider }];
    });
    if (doubtful.length === 0) return { ...plain, notes: [] };
    const asked = doubtful.flatMap(({ name, type }, i) => factsOf(quoted(name), type, i));
    const as =
      format === 'json'
        ? plain
        : typed(
            guessed,
            columns,
            doubtful.map(({ name, wider }) => [name, wider]),
          );
    const found = await db.row(`select ${asked.join(', ')} from ${rows(as)}`);
    const types: [string, string][] = [];
    const notes: string[] = [];
    const long: string[] = [];
    for (const [i, { name, type, wider }] of doubtful.entries()) {
      if (type === 'DOUBLE') {
        if (found[`c${i}`] === true) long.push(name);
      } else if (wider !== 'VARCHAR') {
        if (found[`c${i}`] === true) types.push([name, wider]);
      } else {
        const { zoned, unzoned } = zonesOf(found, i);
        if (zoned > 0 && type !== zonedType) types.push([name, zonedType]);
        if (zoned > 0 && unzoned > 0) notes.push(noteOnZones(name, unzoned, zoned + unzoned, ofQuery(name)));
      }
    }
    const digits = await digitsOf(db, guessed, columns, long);
    return {
      ...(types.length + digits.types.length === 0
        ? plain
        : typed(guessed, columns, [...types, ...digits.types])),
      notes: [...notes, ...digits.notes],
    };
  } catch (error) {
    // The query itself meets it again, and tells of it.
    if (refusalOf(error) === null) throw error;
    return { ...plain, notes: [] };
  }
}

/** Returns where a query says that the times of a column are in UTC. */
const ofQuery = (name: string): string => `the query: read_csv(…, types = {${literal(name)}: 'TIMESTAMPTZ'})`;

/** Returns what to ask of a column that is read in a wider type. */
function factsOf(column: string, type: string, i: number): string[] {
  const isAny = (condition: string): string => `coalesce(bool_or(${condition}), false) as c${i}`;
  switch (type) {
    case 'BIGINT':
      return [isAny(`${column} <> floor(${column})`)];
    case 'DATE':
      return [isAny(`${column} <> date_trunc('day', ${column})`)];
    case 'DOUBLE':
      return [isAny(isLong(column))];
    default:
      return [
        `count(case when ${hasZone(column)} then 1 end) as zoned${i}`,
        `count(case when not ${hasZone(column)} then 1 end) as unzoned${i}`,
      ];
  }
}

function zonesOf(found: Row, i: number): { zoned: number; unzoned: number } {
  return { zoned: countOf(found[`zoned${i}`]), unzoned: countOf(found[`unzoned${i}`]) };
}

/** Returns types that keep all digits of columns that doubles would round, and notes on those that none keeps. */
async function digitsOf(
  db: Database,
  guessed: GuessedRead,
  columns: readonly Stored[],
  long: readonly string[],
): Promise<{ types: [string, string][]; notes: string[] }> {
  if (long.length === 0) return { types: [], notes: [] };
  const as = typed(
    guessed,
    columns,
    long.map((name) => [name, 'VARCHAR']),
  );
  const asked = long.map(quoted).flatMap((column, i) => {
    const digits = `regexp_full_match(trim(${column}), '[+-]?[0-9]+')`;
    return [
      `coalesce(bool_and(${digits}), false) as whole${i}`,
      `coalesce(bool_and(try_cast(${column} as hugeint) is not null or ${column} is null), false) as fits${i}`,
      `min(case when ${digits} and ${isLong(`try_cast(${column} as double)`)} then ${column} end) as example${i}`,
    ];
  });
  const found = await db.row(`select ${asked.join(', ')} from ${guessed.rows(as)}`);
  const types: [string, string][] = [];
  const notes: string[] = [];
  for (const [i, name] of long.entries()) {
    const example = found[`example${i}`];
    if (found[`whole${i}`] === true)
      types.push([name, guessed.format === 'csv' && found[`fits${i}`] === true ? 'HUGEINT' : 'VARCHAR']);
    else if (typeof example === 'string')
      notes.push(noteOnLongNumbers(name, example.trim(), 'let the query read it as text'));
  }
  return { types, notes };
}

/** Returns the arguments by which some columns are read in other types than are guessed. */
function typed(
  { format, said }: GuessedRead,
  columns: readonly Stored[],
  types: readonly (readonly [string, string])[],
): MoreArguments {
  const entries = (some: readonly (readonly [string, string])[]): string[] =>
    some.map(([name, type]) => `${literal(name)}: ${literal(type)}`);
  if (format === 'json') {
    const own = new Map(types);
    const all = columns.map(({ name, type }) => [name, own.get(name) ?? type] as const);
    return { more: `, columns = {${entries(all).join(', ')}}`, types: '' };
  }
  return said === null
    ? { more: `, types = {${entries(types).join(', ')}}`, types: '' }
    : {
        more: '',
        types: entries(types)
          .map((entry) => `${entry}, `)
          .join(''),
      };
}
