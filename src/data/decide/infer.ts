import { isFloat, isInteger, isList, isNumber, isText, typeKind } from '../duckdb/type-kind.js';
import { isBeyondDouble, isIndexName, spanOf, type ColumnFacts } from './column-facts.js';
import { formatCount } from '../../shared/numbers.js';
import type { TaskKind } from '../../shared/task-kinds.js';

/** The kind that a column would be encoded as, and the reason (for people). */
export interface Inference {
  readonly kind: 'numeric' | 'categorical' | 'ignored';
  readonly why: string;
}

/** The maximum number of values that are one-hot; more are embedded. */
const onehotLimit = 1000;

/** The names of whole numbers that are codes and count nothing. */
const codeNames = [
  /(^|[_\s.-])(id|ids|code|zip|zipcode|postcode|category|class|type|key)$/,
  /[a-z](Id|ID|Code|Category|Type|Key)$/,
];
const isCodeName = (name: string): boolean => codeNames.some((pattern) => pattern.test(name));

/** Whether a name says that a column has who or what a row is of. */
export const isIdName = (name: string): boolean =>
  /(^|[_\s.-])(ids?|uid|user|item|customer|patient)$/i.test(name) || /[a-z](Id|ID)$/.test(name);

/**
 * Infers whether a column is numeric, categorical or nothing to learn from. `newer`: whether the inferences
 * of `"defaults": 2` count.
 */
export function inferColumn(facts: ColumnFacts, newer: boolean): Inference {
  const { name, type, rows, present, distinct, min, max } = facts;
  if (present === 0) return { kind: 'ignored', why: 'all its values are missing' };
  const constant = distinct !== null ? distinct === 1 : min !== null && min === max;
  if (constant && present === rows) return { kind: 'ignored', why: 'all rows have the same value' };
  switch (typeKind(type)) {
    case 'boolean':
      return { kind: 'categorical', why: 'true or false' };
    case 'time':
      return { kind: 'numeric', why: `${type.toLowerCase()}, in seconds` };
    case 'integer':
      return inferInteger(facts, newer);
    case 'float': {
      const identity = newer ? identityOf(facts) : null;
      if (identity !== null) return { kind: 'ignored', why: identity };
      // Other programs write whole numbers with a fraction of 0 where some are missing.
      return facts.whole && isCodeName(name)
        ? { kind: 'categorical', why: 'whole number whose name says that it is a code' }
        : { kind: 'numeric', why: 'number' };
    }
    case 'decimal':
      return { kind: 'numeric', why: 'number' };
    case 'text':
      return inferText(facts, newer);
    case 'other':
      return {
        kind: 'ignored',
        why: `${type.toLowerCase()} is no single value${isList(type) ? '; as a list it is a feature with "kind": "set"' : ''}`,
      };
  }
}

/**
 * Returns why a column that would be a feature only tells rows apart: its name is one of a row's number, or it
 * has the digits of a hash, and nearly every row has its own; null: it does not. Values that repeat, as those of users do, are features.
 */
export function identityOf(facts: ColumnFacts): string | null {
  const { name, type, rows, present, distinct, min, max, whole } = facts;
  if (facts.countsUp && rows > 20)
    return 'the number of a row, which begins anew where tables were put together';
  if (distinct === null || rows <= 20 || distinct <= 0.9 * present) return null;
  if (isIndexName(name) && (isInteger(type) || (isFloat(type) && whole)))
    return 'the number of a row, with another value in nearly every row';
  return isInteger(type) && [min, max].some(isBeyondDouble)
    ? 'an id or a hash, with another value in nearly every row'
    : null;
}

/** Whether a column's texts are digits of which some have zeros before them, as codes have. */
export const areCodes = ({ type, distinct, numericTexts, paddedTexts }: ColumnFacts): boolean =>
  isText(type) && paddedTexts > 0 && numericTexts === distinct;

function inferText(facts: ColumnFacts, newer: boolean): Inference {
  const { name, rows, present, distinct, numericTexts, fitsDouble } = facts;
  const values = distinct ?? 0;
  const isCode = newer && (areCodes(facts) || isCodeName(name));
  if (values > 1 && numericTexts === values && values > 10 && fitsDouble && !isCode)
    return { kind: 'numeric', why: 'texts that are all numbers' };
  if (rows > 20 && values > 0.9 * present) {
    const share = values === present ? 'every row' : 'nearly every row';
    return { kind: 'ignored', why: `text with another value in ${share}` };
  }
  const shown = `${formatCount(values)} ${values === 1 ? 'value' : 'values'}`;
  return { kind: 'categorical', why: `text with ${shown}` };
}

function inferInteger(facts: ColumnFacts, newer: boolean): Inference {
  const { name, rows, present, distinct, fitsDouble } = facts;
  if (distinct !== null && rows > 20 && distinct === present) {
    const gapless = spanOf(facts) === BigInt(present);
    if (gapless || isCodeName(name) || !fitsDouble)
      return { kind: 'ignored', why: 'whole number with another value in every row' };
  }
  const identity = newer ? identityOf(facts) : null;
  if (identity !== null) return { kind: 'ignored', why: identity };
  // Nobody counts so far: these are ids and hashes, although some are far enough apart for a double.
  if (!fitsDouble || (newer && [facts.min, facts.max].some(isBeyondDouble)))
    return { kind: 'categorical', why: 'whole number with more digits than a network can tell apart' };
  if (isCodeName(name)) return { kind: 'categorical', why: 'whole number whose name says that it is a code' };
  return { kind: 'numeric', why: 'whole number' };
}

/**
 * Returns how a categorical column of so many values is encoded: one-hot, or as an embedding if that is wide.
 */
export const encodingOf = (values: number): 'onehot' | { embedding: number } =>
  values <= onehotLimit ? 'onehot' : { embedding: embeddingWidth(values) };

/**
 * Returns the length of the vector that is learned for each of many values: it grows with the fourth root of
 * their number.
 */
const embeddingWidth = (values: number): number =>
  Math.min(64, Math.max(4, 4 * Math.ceil(Math.pow(values, 0.25))));

/** Infers the kind of task that a column could be the label of; null: none. */
export function inferLabelKind(type: string, distinct: number): TaskKind | null {
  if (distinct < 2) return null;
  if (distinct === 2 && (type === 'BOOLEAN' || isText(type) || isNumber(type))) return 'binary';
  if (isText(type)) return distinct <= classLimit ? 'multiclass' : null;
  if (isInteger(type) && distinct <= 10) return 'multiclass';
  return isNumber(type) ? 'regression' : null;
}

/** The maximum number of classes; more are a mistake. */
export const classLimit = 1000;
