import { InputError } from '../../../shared/errors.js';
import { isInteger, isTime, typeKind } from '../../duckdb/type-kind.js';
import type { RawTexts } from '../../gather/selection-rows.js';
import { hashedForm } from '../../read/texts/clean-text.js';
import type { Texts } from '../../texts/texts.js';
import { TextsBuilder } from '../../texts/texts.js';
import type { CategoricalColumn } from '../encoder.js';

/** What values are hashed with; an encoder keeps it. */
export const hashOfValues = { function: 'murmur3-x86-32', seed: 0 } as const;

/**
 * Returns the index of each code of a hashed column's texts: 0 where they are missing, else 1 more than the number
 * of a bucket. Throws an InputError where the column has another type than in training, in which the same value is
 * another text.
 */
export function bucketByCode(
  { name, type: trained, hash }: Pick<CategoricalColumn, 'name' | 'type' | 'hash'>,
  buckets: number,
  { values, type }: Pick<RawTexts, 'values' | 'type'>,
): Int32Array {
  if (type !== undefined && (isTime(trained) || isTime(type) || isOtherTruth(trained, type)))
    throw new InputError(
      'data.other-type',
      `column "${name}" is ${type} here, and was ${trained} when it was learned; its values are hashed as they ` +
        'are written: give it the same type, by a query where need be',
      { columnName: name },
    );
  const { seed } = hash ?? hashOfValues;
  const forms = inHashedForm(values, isInteger(trained));
  return Int32Array.from({ length: values.length + 1 }, (_, code) =>
    code === 0 || forms.isMissing(code - 1) ? 0 : 1 + (forms.hash(code - 1, seed) % buckets),
  );
}

/** Whether one is true or false, and the other a number. */
const isOtherTruth = (one: string, other: string): boolean =>
  [one, other].some((type) => typeKind(type) === 'boolean') &&
  ![one, other].some((type) => typeKind(type) === 'text') &&
  typeKind(one) !== typeKind(other);

/** Returns texts in the one form in which they are hashed: a value has the same one in every table. */
export function inHashedForm(values: Texts, areIntegers: boolean): Texts {
  const form = hashedForm(areIntegers);
  return values.every((text) => text === null || form(text) === text) ? values : values.map(form);
}

/** Returns how many of different values there are, and how many share their bucket with another one. */
export function countSharing(values: Texts, buckets: number): { values: number; sharing: number } {
  const seen = new Uint8Array(buckets);
  const bucketOf = (number: number): number => values.hash(number, hashOfValues.seed) % buckets;
  for (let i = 0; i < values.length; i++) {
    const bucket = bucketOf(i);
    seen[bucket] = Math.min(2, seen[bucket]! + 1);
  }
  let sharing = 0;
  for (let i = 0; i < values.length; i++) if (seen[bucketOf(i)] === 2) sharing++;
  return { values: values.length, sharing };
}

/** Returns the values that training rows have, each once. `byCode`: how many rows have each code. */
export function seenValues(values: Texts, byCode: Uint32Array): Texts {
  const seen = new TextsBuilder();
  if (values.isAscending) {
    for (let i = 0; i < values.length; i++)
      if (byCode[i + 1]! > 0 && !values.isMissing(i)) values.copyTo(seen, i);
    return seen.build();
  }
  for (let i = 0; i < values.length; i++) {
    const text = values.at(i);
    if (text !== null && byCode[i + 1]! > 0) seen.number(text);
  }
  return seen.build();
}
