import type * as v from 'valibot';
import type { JsonPath } from './place.js';

/** Returns the schemas that a path inside a schema leads to: several if it passes a union. */
export function schemasAt(schema: v.GenericSchema, path: JsonPath): v.GenericSchema[] {
  let current = optionsOf(schema);
  for (const key of path) current = current.flatMap((parent) => childrenOf(parent, key)).flatMap(optionsOf);
  return current;
}

function childrenOf(parent: v.GenericSchema, key: string | number): v.GenericSchema[] {
  const child = entriesOf(parent).get(String(key));
  if (child !== undefined) return [child];
  if ('item' in parent && isSchema(parent.item)) return [parent.item];
  if ('value' in parent && isSchema(parent.value)) return [parent.value];
  return [];
}

/** Returns the schema without its optional wrapping; of a union, its options. */
export function optionsOf(schema: v.GenericSchema): v.GenericSchema[] {
  if ('wrapped' in schema && isSchema(schema.wrapped)) return optionsOf(schema.wrapped);
  if (schema.type === 'union' && 'options' in schema && Array.isArray(schema.options)) {
    return schema.options.filter(isSchema).flatMap(optionsOf);
  }
  return [schema];
}

/** Returns the keys of an object's schema with their schemas, which keep their optional wrapping. */
export function entriesOf(schema: v.GenericSchema): Map<string, v.GenericSchema> {
  if (!('entries' in schema) || typeof schema.entries !== 'object' || schema.entries === null)
    return new Map();
  return new Map(
    Object.entries(schema.entries).filter((entry): entry is [string, v.GenericSchema] => isSchema(entry[1])),
  );
}

/** Returns all keys that the schemas have. */
export const keysOf = (schemas: readonly v.GenericSchema[]): string[] =>
  schemas.flatMap((schema) => [...entriesOf(schema).keys()]);

function isSchema(value: unknown): value is v.GenericSchema {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'schema';
}

/** Returns the constant of a schema that allows nothing else; undefined for other schemas. */
export const literalOf = (schema: v.GenericSchema | undefined): unknown =>
  schema !== undefined && 'literal' in schema ? schema.literal : undefined;
