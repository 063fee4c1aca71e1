import * as v from 'valibot';

/** A list of names; the empty list if it cannot be read. */
export const nameList = v.fallback(v.array(v.string()), []);

/** The choices that every page has. */
export const commonChoices = {
  /** 0 … 0.99 */
  smoothing: v.fallback(v.pipe(v.number(), v.minValue(0), v.maxValue(0.99)), 0),
  log: v.fallback(v.boolean(), false),
  /** Names of cards that are folded, and of those that show their table. */
  folded: nameList,
  tabled: nameList,
};

/** The part of a page's state that is about its cards. */
export interface CardState {
  readonly folded: readonly string[];
  readonly tabled: readonly string[];
}

type Entries = Record<string, v.GenericSchema>;

/**
 * Reads a page's state. Each field falls back alone where it is missing or broken, so `saved` may be anything
 * that an older version wrote; every entry of `schema` must have a fallback.
 */
export function restoreFields<Fields extends Entries>(
  schema: v.ObjectSchema<Fields, undefined>,
  saved: unknown,
): v.InferOutput<v.ObjectSchema<Fields, undefined>> {
  // valibot applies the fallback of a field that is there and undefined, not that of one that is absent.
  const absent = Object.fromEntries(Object.keys(schema.entries).map((name) => [name, undefined]));
  return v.parse(schema, typeof saved === 'object' && saved !== null ? { ...absent, ...saved } : absent);
}

/** Returns `names` with `name` in it (at the end) or without it. */
export const toggled = (names: readonly string[], name: string, on: boolean): string[] => [
  ...names.filter((other) => other !== name),
  ...(on ? [name] : []),
];
