import { InputError } from '../../../shared/errors.js';
import { trimmedEnd } from '../../../shared/trim.js';
import { isNumber, typeKind } from '../../duckdb/type-kind.js';
import type { Texts } from '../../texts/texts.js';
import type { RawTexts } from '../../gather/selection-rows.js';
import { areTruths, areWholeNumbers, otherWholeNumber, truthOf } from '../../read/texts/clean-text.js';
import type { CategoricalColumn } from '../encoder.js';

/**
 * Returns the index of each code of a categorical column's texts: 0 where they are missing or unseen. In a
 * table that has the column in another type than the training table, values that mean the same are the same:
 * the numbers 101, 101.0 and "0101", a date and midnight of that day, true and 1. Throws an InputError where
 * such a column has no value that was there in training.
 */
export function indexByCode(
  column: Pick<CategoricalColumn, 'name' | 'type' | 'values'>,
  { values, type }: Pick<RawTexts, 'values' | 'type'>,
): Int32Array {
  const indices = new Int32Array(values.length + 1);
  const sameAs = type === undefined ? () => undefined : indexByMeaning(column, type);
  const otherForm = areWholeNumbers(column.values)
    ? otherFormIn(values)
    : areTruths(column.values)
      ? truthIn(column.values)
      : () => null;
  for (let i = 0; i < values.length; i++) {
    if (values.isMissing(i)) continue;
    const known = column.values.indexOfTextIn(values, i);
    indices[i + 1] = known < 0 ? indexOtherwise(values.at(i)!) : known + 1;
  }
  if (type !== undefined && typeKind(type) !== typeKind(column.type))
    failOnNoneKnown(column, indices, values, type);
  return indices;

  function indexOtherwise(text: string): number {
    const same = sameAs(text);
    if (same !== undefined) return same;
    const other = otherForm(text);
    return other === null ? 0 : column.values.indexOf(other) + 1;
  }
}

/** Returns the other way to write a whole number, where a table does not have both: then they are two texts. */
function otherFormIn(values: RawTexts['values']): (text: string) => string | null {
  return (text) => {
    const other = otherWholeNumber(text);
    return other === null || values.indexOf(other) >= 0 ? null : other;
  };
}

/** Returns how true and false were written in training, which older versions kept. */
function truthIn(known: Texts): (text: string) => string | null {
  const written = new Map(Array.from(known, (text) => [text?.toLowerCase(), text]));
  return (text) => written.get(text.toLowerCase()) ?? null;
}

function failOnNoneKnown(
  { name, type: trained, values: known }: Pick<CategoricalColumn, 'name' | 'type' | 'values'>,
  indices: Int32Array,
  values: RawTexts['values'],
  type: string,
): void {
  const some = firstOf(values);
  if (some === null || known.length === 0 || indices.some((index) => index > 0)) return;
  throw new InputError(
    'data.other-type',
    `column "${name}" is ${type} here (such as ${some}), and was ${trained} when it was learned ` +
      `(such as ${known.at(0)}); none of its values was there: give it the same type, by a query where need be`,
    { columnName: name },
  );
}

function firstOf(values: Texts): string | null {
  for (const value of values) if (value !== null) return value;
  return null;
}

/** Returns the index of a text of another type by what it means; undefined: nothing means the same. */
function indexByMeaning(
  { type: trained, values }: Pick<CategoricalColumn, 'type' | 'values'>,
  type: string,
): (text: string) => number | undefined {
  const meaningOf = meaningFor(trained, type);
  const found = new Map<string, number>();
  for (let i = 0; i < values.length; i++) {
    const meaning = meaningOf(values.at(i)!);
    // Of several values that mean the same ("12" and "012") none can be told.
    if (meaning !== null) found.set(meaning, found.has(meaning) ? 0 : i + 1);
  }
  return (text) => {
    const meaning = meaningOf(text);
    return meaning === null ? undefined : found.get(meaning);
  };
}

/** Returns how values of a column are compared that has another type than in training. */
function meaningFor(trained: string, type: string): (text: string) => string | null {
  switch (typeKind(trained)) {
    case 'integer':
    case 'float':
    case 'decimal':
      return numberOf;
    case 'boolean':
      return truthOrNumber;
    case 'time':
      return momentOf;
    case 'text':
    case 'other':
      return isNumber(type) ? numberOf : () => null;
  }
}

/** Returns a number in one form, exactly: its digits without outer zeros, and a power of ten. */
function numberOf(text: string): string | null {
  const truth = /^(true|false)$/.exec(text);
  if (truth !== null) return truth[1] === 'true' ? '1e0' : '0';
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text.trim()) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  if (whole + fraction === '') return null;
  const bare = trimmedEnd(digits, '0');
  if (bare === '') return '0';
  const exponent = Number(power) - fraction.length + digits.length - bare.length;
  return `${sign === '-' ? '-' : ''}${bare}e${exponent}`;
}

function truthOrNumber(text: string): string | null {
  const truth = truthOf(text);
  if (truth !== null) return truth;
  const number = numberOf(text);
  return number === '1e0' ? 'true' : number === '0' ? 'false' : null;
}

/** Returns a date or a date with a time in one form: seconds in UTC with their fraction; a time as it is. */
function momentOf(text: string): string | null {
  const [, day, time = '00:00:00', fraction = '', zone = 'Z'] =
    /^(\d{4,6}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?)? ?(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(
      text.trim(),
    ) ?? [];
  if (day === undefined) return null;
  const offset =
    zone.length === 3 ? `${zone}:00` : zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const seconds = Date.parse(`${day}T${time}${offset}`) / 1000;
  return Number.isNaN(seconds) ? null : `${seconds}.${trimmedEnd(fraction, '0')}`;
}
