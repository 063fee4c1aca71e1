import * as v from 'valibot';

/** The building blocks of the experiment's schema. */

type Described<Type extends v.GenericSchema> = v.SchemaWithPipe<
  readonly [Type, v.DescriptionAction<v.InferOutput<Type>, string>]
>;

/** Returns the type with a description, which the editor shows on hovering. */
export const described = <Type extends v.GenericSchema>(type: Type, description: string): Described<Type> =>
  v.pipe(type, v.description(description));

/** Returns a key that may be left out: `standard` then counts. */
export const setting = <
  Type extends v.GenericSchema,
  const Standard extends v.Default<Described<Type>, undefined>,
>(
  type: Type,
  standard: Standard,
  description: string,
): v.OptionalSchema<Described<Type>, Standard> => v.optional(described(type, description), standard);

/** Returns a key that may be left out, where nothing that can be written stands for leaving it out. */
export const option = <Type extends v.GenericSchema>(
  type: Type,
  description: string,
): v.OptionalSchema<Described<Type>, undefined> => v.optional(described(type, description));

/** Returns the keys of a table of names in the order in which they are written. */
export const namesOf = <Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] =>
  Object.keys(table) as Name[];

/** Returns `name: meaning` for each name of a table, as one text. */
export const namesAndMeanings = (table: Readonly<Record<string, string>>, separator: string): string =>
  Object.entries(table)
    .map(([name, meaning]) => `${name}: ${meaning}`)
    .join(separator);

export const text = v.pipe(v.string(), v.nonEmpty());
export const whole = v.pipe(v.number(), v.integer());
export const count = v.pipe(whole, v.minValue(1));
export const positive = v.pipe(v.number(), v.gtValue(0));
/** A factor that may be 0. */
export const amount = v.pipe(v.number(), v.minValue(0));
/** A share from 0 to 1, both included. */
export const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** A share that leaves something: from 0 to below 1. */
export const partialShare = v.pipe(v.number(), v.minValue(0), v.ltValue(1));
/** A share that takes something and leaves something: above 0 and below 1. */
export const fraction = v.pipe(v.number(), v.gtValue(0), v.ltValue(1));
