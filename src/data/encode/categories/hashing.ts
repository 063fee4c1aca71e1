import { InputError } from '../../../shared/errors.js';
import { isInteger, isTime, typeKind } from '../../duckdb/type-kind.js';
import type { RawTexts } from '../../gather/selection-rows.js';
import { hashedForm } from '../../read/texts/clean-text.js';
import { murmur3 } from '../../texts/murmur3.js';
import type { Texts } from '../../texts/texts.js';
import type { CategoricalColumn } from '../encoder.js';
import type { CountedValues } from './vocabulary.js';

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

/** Returns the index of a single value: 1 more than the number of its bucket. */
export function bucketOf(text: string, { hash }: Pick<CategoricalColumn, 'hash'>, buckets: number): number {
  const bytes = Buffer.from(text);
  return 1 + (murmur3(bytes, 0, bytes.length, (hash ?? hashOfValues).seed) % buckets);
}

/** Returns how many different values training rows have, and how many of them share their bucket with another one. */
export function countSharing(
  { texts, rows }: CountedValues,
  buckets: number,
): { values: number; sharing: number } {
  const seen = new Uint8Array(buckets);
  let values = 0;
  const each = (use: (bucket: number) => void): void => {
    for (let i = 0; i < texts.length; i++) if (rows[i]! > 0) use(texts.hash(i, hashOfValues.seed) % buckets);
  };
  each((bucket) => {
    values++;
    seen[bucket] = Math.min(2, seen[bucket]! + 1);
  });
  let sharing = 0;
  each((bucket) => {
    if (seen[bucket] === 2) sharing++;
  });
  return { values, sharing };
}
