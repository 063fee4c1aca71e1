import type { DuckDBVector } from '@duckdb/node-api';

/** The buffer of a vector of plain numbers. */
export type Items = Float64Array | Float32Array | Uint8Array | Uint16Array | Uint32Array | Int32Array;

/**
 * Returns a vector's own buffer, to copy whole columns at once: item by item, through its public methods, is
 * 30 times slower. The field is private in the package's types, so its value is checked.
 */
export function itemsOf(vector: DuckDBVector): Items {
  const items: unknown = Reflect.get(vector, 'items');
  if (
    items instanceof Float64Array ||
    items instanceof Float32Array ||
    items instanceof Uint8Array ||
    items instanceof Uint16Array ||
    items instanceof Uint32Array ||
    items instanceof Int32Array
  ) {
    return items;
  }
  throw new Error(`a vector of ${vector.type.toString()} has no buffer of numbers`);
}
