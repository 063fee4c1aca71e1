import { quoted } from '../../../shared/sql.js';
import { formatCount } from '../../../shared/numbers.js';
import type { InputError } from '../../../shared/errors.js';
import { countOf, type Database, type Row } from '../../duckdb/database.js';
import { isNumber, isText } from '../../duckdb/type-kind.js';
import { cleanTextSql, isNumericText } from './clean-text.js';
import { looksLikeDate, otherOrder } from './date-forms.js';
import { mostlyNumeric } from '../csv/csv-explaining.js';
import type { ReadOptions } from '../source-kind.js';
import { noteOnLongNumbers } from '../table/long-numbers.js';
import {
  columnsOf,
  isOwnColumn,
  lateTexts,
  replaceTable,
  rowSql,
  textOfCode,
  type StoredColumns,
} from '../table/stored-columns.js';
import {
  asWritten,
  decideTypes,
  hasZone,
  numberFormat,
  valueOfText,
  zonedType,
  type Decided,
  type OpenColumn,
  type TextType,
  type WantedTypes,
} from './text-types.js';

/** A column that was read as texts, because its type is not known or not certain. */
export interface OpenText {
  /** The type that every text must be of; null: what the texts are decides. */
  readonly wanted: TextType | null;
  /** The type that a sample of the texts seemed to be of; null: there was none, or several. */
  readonly sampled: string | null;
}

/** A table as it was read, before the types of texts are settled. */
export interface UnsettledTable {
  readonly raw: string;
  readonly stored: StoredColumns;
  /** Columns whose texts decide, by name. */
  readonly open: ReadonlyMap<string, OpenText>;
  /** The types that columns must have; texts that must be texts stay so, whatever they look like. */
  readonly wanted: WantedTypes;
  /** Whether a column whose texts do not fit its wanted type is what its texts are. */
  readonly mayDiffer: (column: string) => Promise<boolean>;
  /** Whether numbers with a decimal comma are looked for although nobody speaks of them. */
  readonly decimalComma: boolean;
  /** Whether it comes from text files, in which blanks around a number mean nothing. */
  readonly isText: boolean;
  /** Makes the error for a text in a column that is meant to be something else. */
  readonly oddText: (column: string, odd: NonNullable<Decided['odd']>) => Promise<InputError>;
}

export interface Settled {
  readonly stored: StoredColumns;
  /** How the values of columns are written, by name, where that is not DuckDB's own way. */
  readonly formats: ReadonlyMap<string, string>;
  /** What was found out about columns and should be known to people. */
  readonly notes: readonly string[];
}

/** So many rows are looked at for texts that look like dates or numbers. */
const exampleRows = 64;

/**
 * Gives columns that were read as texts the types that all their texts show: those whose type is open, and
 * those that look like dates or numbers which DuckDB does not detect. Throws an InputError for a text among
 * values of another type.
 */
export async function settleTexts(db: Database, table: UnsettledTable, read: ReadOptions): Promise<Settled> {
  const { raw, stored } = table;
  const columns = await columnsOf(db, quoted(raw));
  const texts = columns
    .filter(({ name, type }) => (type === 'VARCHAR' || stored.coded.has(name)) && isOwnColumn(name))
    .map(({ name }) => name);
  const open = new Map(table.open);
  for (const name of texts) {
    const wanted = table.wanted.get(name.toLowerCase());
    // The digits of whole numbers that no double holds stay as they are written, where texts are asked for.
    if (wanted !== undefined && isText(wanted.type) && open.get(name)?.sampled === 'DOUBLE')
      open.delete(name);
    if (wanted !== undefined && !isText(wanted.type) && !open.has(name))
      open.set(name, { wanted: asWritten(wanted, read), sampled: null });
  }
  // Dates that are written in another way than they must be are as good, if they can be read.
  const otherwise = new Map<string, { wanted: TextType; odd: NonNullable<Decided['odd']> }>();
  for (const name of texts) {
    const { wanted = null } = open.get(name) ?? {};
    const odd = wanted === null ? null : await misfit(db, table, name, wanted, read, rowSql(columns));
    if (odd === null || wanted === null) continue;
    const wider = widened(wanted);
    if (wider !== null && (await misfit(db, table, name, wider, read, rowSql(columns))) === null) {
      open.set(name, { wanted: wider, sampled: null });
      continue;
    }
    const isTime = /^(DATE|TIMESTAMP)/.test(wanted.type);
    if (isTime) otherwise.set(name, { wanted, odd });
    else if (!(await table.mayDiffer(name))) throw await table.oddText(name, odd);
    open.set(name, { wanted: null, sampled: isTime ? wanted.type : null });
  }
  const likely = await likelyColumns(db, { ...table, open }, texts, read);
  const given = [read.timestampFormat, read.dateFormat].filter((one) => one !== undefined);
  const asked = texts
    .filter((name) => open.has(name) || likely.has(name))
    .map((name): OpenColumn => ({
      name,
      text: textOf(name, stored, read),
      row: rowSql(columns),
      numbers: numberFormat(read) ?? commaFormat(likely.get(name)),
      dates: given,
      shortYears: /^(DATE|TIMESTAMP)/.test(open.get(name)?.sampled ?? ''),
    }));
  const decided = await decideTypes(
    db,
    quoted(raw),
    asked.filter(({ name }) => (open.get(name)?.wanted ?? null) === null),
  );
  const types = new Map<string, TextType>();
  const notes: string[] = [];
  for (const { name } of asked) {
    const { wanted = null, sampled = null } = open.get(name) ?? {};
    const found = decided.get(name);
    if (wanted !== null) types.set(name, wanted);
    if (found === undefined) continue;
    const other = otherwise.get(name);
    if (other !== undefined && !isSameTime(found, other.wanted) && !(await table.mayDiffer(name)))
      throw await table.oddText(name, other.odd);
    if (found.odd !== null && isMeant(found, sampled)) throw await table.oddText(name, found.odd);
    if (found.odd !== null && !isPlain(found.odd.type) && isMostly(found))
      notes.push(nearlyAll(name, found.odd));
    if (found.type === 'VARCHAR') continue;
    // Without being asked, a text only becomes what DuckDB would not have seen in it.
    const isAsked = open.has(name) || likely.get(name) === 'padded';
    if (!isAsked && found.format === undefined && isNumber(found.type)) continue;
    types.set(name, { type: found.type, format: found.format });
    if (found.unzoned > 0) notes.push(noteOnZones(name, found.unzoned, found.present));
    if (found.long !== null) notes.push(noteOnLongNumbers(name, found.long));
    notes.push(...notesOn(name, found, read));
  }
  notes.push(...(await notesOnWantedZones(db, raw, asked, types, decided)));
  if (types.size === 0) return { stored, formats: new Map(), notes };
  return { ...(await retyped(db, table, columns, types, read)), notes };
}

/**
 * Says what is made of times without a zone among others that have one. `unzoned`: how many there are; `where`: where
 * to say that UTC is meant.
 */
export function noteOnZones(
  name: string,
  unzoned: number,
  present: number,
  where = `data.read.types: ${JSON.stringify(name)}: "TIMESTAMPTZ"`,
): string {
  const [have, are] = unzoned === 1 ? ['has', 'is'] : ['have', 'are'];
  return (
    `column "${name}": ${formatCount(unzoned)} of ${formatCount(present)} times ${have} no time zone and ${are} taken ` +
    `as UTC, while the others say in which zone they are; write it with each, or, if UTC is meant, say so in ${where}`
  );
}

/** Says of columns that must be moments with a zone, because another table has them so, which times have none. */
async function notesOnWantedZones(
  db: Database,
  raw: string,
  asked: readonly OpenColumn[],
  types: ReadonlyMap<string, TextType>,
  decided: ReadonlyMap<string, Decided>,
): Promise<string[]> {
  const notes: string[] = [];
  for (const { name, text } of asked) {
    if (decided.has(name) || types.get(name)?.type !== zonedType) continue;
    const found = await db.row(
      `select count(${text}) as present, count(case when not ${hasZone(text)} then 1 end) as unzoned from ${quoted(raw)}`,
    );
    const unzoned = countOf(found['unzoned']);
    if (unzoned > 0) notes.push(noteOnZones(name, unzoned, countOf(found['present'])));
  }
  return notes;
}

/** Returns the type of numbers that has fractions, too, where whole ones are wanted; null for all others. */
const widened = (wanted: TextType): TextType | null =>
  isNumber(wanted.type) && wanted.type !== 'DOUBLE' ? { ...wanted, type: 'DOUBLE' } : null;

/** Whether texts are dates or times as they must be, although written otherwise, and it is clear which. */
function isSameTime({ type, format, ambiguous }: Decided, wanted: TextType): boolean {
  const isTime = wanted.type === 'DATE' ? type === 'DATE' : /^(DATE|TIMESTAMP)/.test(type);
  return (
    isTime && (!ambiguous || (wanted.format?.startsWith('%d') === true && format?.startsWith('%d') === true))
  );
}

/** Whether a few odd texts are mistakes in a column that is meant to be numbers. */
const isMeant = (found: Decided, sampled: string | null): boolean =>
  found.odd !== null &&
  sampled !== null &&
  isNumber(sampled) &&
  isNumber(found.odd.type.type) &&
  isMostly(found);

const isMostly = ({ odd, present }: Decided): boolean => odd !== null && odd.texts <= mostlyNumeric * present;

/** Whether other rooms see by themselves what such values are. */
const isPlain = ({ type, format }: TextType): boolean => isNumber(type) && format === undefined;

/** Returns the SQL of a column's texts, cleaned, over the raw table. */
function textOf(name: string, { coded }: StoredColumns, read: ReadOptions): string {
  const code = coded.get(name);
  return cleanTextSql(code === undefined ? quoted(name) : textOfCode(name, code), read);
}

/** Finds the columns of texts that look like dates or like numbers with other signs than DuckDB’s. */
async function likelyColumns(
  db: Database,
  { raw, stored: { coded }, open, wanted, decimalComma, isText: isTextFile }: UnsettledTable,
  texts: readonly string[],
  read: ReadOptions,
): Promise<Map<string, Likely>> {
  const rest = texts.filter((name) => !open.has(name) && !wanted.has(name.toLowerCase()));
  const uncoded = rest.filter((name) => !coded.has(name));
  const rows =
    uncoded.length === 0
      ? []
      : await db.rows(`select ${uncoded.map(quoted).join(', ')} from ${quoted(raw)} limit ${exampleRows}`);
  const likely = new Map<string, Likely>();
  const valuesAt = (name: string): readonly unknown[] =>
    coded.get(name)?.seen ?? rows.map((row) => row[name]);
  const found = new Map(rest.map((name) => [name, textsIn(valuesAt(name))]));
  const later = await someTexts(
    db,
    raw,
    uncoded.filter((name) => found.get(name)!.length === 0),
  );
  for (const name of rest) {
    const examples = [...found.get(name)!, ...textsIn([later[name]])];
    if (examples.length === 0) continue;
    const share = (test: (text: string) => boolean): number => examples.filter(test).length / examples.length;
    if (share(looksLikeDate) >= 0.9) likely.set(name, 'date');
    else if (decimalComma && share((one) => commaNumber.test(one)) >= 0.9 && examples.some(hasComma))
      likely.set(name, { comma: `,${thousandsIn(examples)}` });
    else if (isTextFile && share(isNumericText) >= 0.9 && valuesAt(name).some(hasBlanks))
      likely.set(name, 'padded');
    else if (speaksOfForms(read) && share((one) => /\d/.test(one)) >= 0.9) likely.set(name, 'given');
  }
  return likely;
}

const hasBlanks = (value: unknown): boolean => typeof value === 'string' && value !== value.trim();

/** Returns the texts among values, without the blanks around them. */
const textsIn = (values: readonly unknown[]): string[] =>
  values.flatMap((one) => (typeof one === 'string' && one.trim() !== '' ? [one.trim()] : []));

/** Returns a text of each column that has one. */
const someTexts = async (db: Database, raw: string, columns: readonly string[]): Promise<Row> =>
  columns.length === 0
    ? {}
    : db.row(
        `select ${columns.map((name) => `max(${quoted(name)}) as ${quoted(name)}`).join(', ')}
         from ${quoted(raw)}`,
      );

/** What texts look like; `comma`: numbers with a decimal comma, in the format of `TextType`. */
type Likely = 'date' | 'given' | 'padded' | { readonly comma: string };

const commaFormat = (likely: Likely | undefined): string | undefined =>
  typeof likely === 'object' ? likely.comma : undefined;

const commaNumber = /^[+-]?(\d{1,3}([.'’ \u00a0\u202f]\d{3})+|\d*)(,\d+)?$/;
/** Returns the sign between thousands of numbers with a decimal comma; empty: there is none. */
const thousandsIn = (texts: readonly string[]): string =>
  texts.flatMap((text) => commaNumber.exec(text)?.[2]?.[0] ?? [])[0] ?? '';
const hasComma = (text: string): boolean => text.includes(',');

/** Whether `data.read` says how numbers or dates are written. */
export const speaksOfForms = (read: ReadOptions): boolean =>
  numberFormat(read) !== undefined || read.dateFormat !== undefined || read.timestampFormat !== undefined;

function notesOn(name: string, { type, format, ambiguous }: Decided, read: ReadOptions): string[] {
  if (format === undefined) return [];
  if (ambiguous)
    return [
      `column "${name}" is read as ${format}: no value says which number is the day; ` +
        `say so in data.read: "${type === 'DATE' ? 'dateFormat' : 'timestampFormat'}": "${otherOrder(format)}" ` +
        'if the month comes first',
    ];
  if (type === 'DOUBLE' && numberFormat(read) === undefined) {
    const [, thousands] = format;
    const [what, said] =
      thousands === undefined
        ? ['', '']
        : [` and "${thousands}" between thousands`, `, "thousands": "${thousands}"`];
    return [
      `column "${name}" is read as numbers with a decimal comma${what}; ` +
        `to make sure of it, say "decimal": ","${said} in data.read`,
    ];
  }
  return [];
}

function nearlyAll(name: string, { type, value, texts }: NonNullable<Decided['odd']>): string {
  const signs = type.format?.startsWith(',') === true ? 'with a decimal comma' : 'as data.read writes them';
  const what = isNumber(type.type) ? `numbers ${signs}` : 'dates or times';
  const more = texts > 1 ? ` (and ${formatCount(texts - 1)} more)` : '';
  return (
    `column "${name}" stays text: nearly all of it are ${what}, but "${value}" is none${more}; ` +
    'correct it, or list it in data.read.null if it means missing'
  );
}

/** Finds the texts that are not of the type that their column must have; null: there are none. */
async function misfit(
  db: Database,
  { raw, stored }: UnsettledTable,
  name: string,
  type: TextType,
  read: ReadOptions,
  row: string,
): Promise<Decided['odd']> {
  const text = textOf(name, stored, read);
  const odd = `${text} is not null and ${valueOfText(text, type)} is null`;
  const found = await db.row(
    `select count(*) as n, min(${row}) as row, arg_min(${text}, ${row}) as value
     from ${quoted(raw)} where ${odd}`,
  );
  const texts = Number(found['n']);
  return texts === 0 ? null : { type, texts, value: String(found['value']), row: Number(found['row']) };
}

/** Replaces texts of a table by the values that they stand for. */
async function retyped(
  db: Database,
  { raw, stored }: UnsettledTable,
  columns: readonly { readonly name: string }[],
  types: ReadonlyMap<string, TextType>,
  read: ReadOptions,
): Promise<Omit<Settled, 'notes'>> {
  const coded = new Map([...stored.coded].filter(([name]) => !types.has(name)));
  const shown = columns
    .filter(({ name }) => name !== lateTexts || coded.size > 0)
    .map(({ name }) => {
      const type = types.get(name);
      return type === undefined
        ? quoted(name)
        : `${valueOfText(textOf(name, stored, read), type)} as ${quoted(name)}`;
    });
  await replaceTable(db, raw, `select ${shown.join(', ')} from ${quoted(raw)}`);
  const formats = new Map(
    [...types].flatMap(([name, { format }]): [string, string][] =>
      format === undefined ? [] : [[name, format]],
    ),
  );
  return { stored: { ...stored, coded }, formats };
}
