import type { FieldDescription } from '../description.js';

/**
 * What rows have of fields with several values: one array of lists beside the rows, in which a row's entry is the
 * place where its list begins: the number of its values, and then each value and its share, a 32-bit float by its
 * bits. Rows with the same values may have the same entry.
 */
export type Lists = Int32Array;

/** A value of a list, and its share in the sum that the list stands for. */
export interface ListedValue {
  readonly value: number;
  readonly share: number;
}

const bits = new DataView(new ArrayBuffer(4));
const shareOf = (integer: number): number => {
  bits.setInt32(0, integer);
  return bits.getFloat32(0);
};
const bitsOf = (share: number): number => {
  bits.setFloat32(0, share);
  return bits.getInt32(0);
};

/** Collects lists, each once. */
export class ListsBuilder {
  private integers = new Int32Array(64);
  private used = 0;

  /** Appends a list; returns its entry. */
  add(values: readonly ListedValue[]): number {
    const entry = this.used;
    const end = entry + 1 + 2 * values.length;
    if (end > this.integers.length) {
      const more = new Int32Array(Math.max(end, 2 * this.integers.length));
      more.set(this.integers);
      this.integers = more;
    }
    this.integers[entry] = values.length;
    values.forEach(({ value, share }, i) => {
      this.integers[entry + 1 + 2 * i] = value;
      this.integers[entry + 2 + 2 * i] = bitsOf(share);
    });
    this.used = end;
    return entry;
  }

  build(): Lists {
    return this.integers.slice(0, this.used);
  }
}

/** Returns the list of an entry. */
export const listAt = (lists: Lists, entry: number): ListedValue[] =>
  Array.from({ length: lists[entry]! }, (_, i) => ({
    value: lists[entry + 1 + 2 * i]!,
    share: shareOf(lists[entry + 2 + 2 * i]!),
  }));

/** Returns what a row has of a field: its one value, or the values of its list. */
export const valuesOfEntry = (
  { several }: Pick<FieldDescription, 'several'>,
  { lists }: { readonly lists?: Lists },
  entry: number,
): readonly ListedValue[] => (several === true ? listAt(lists!, entry) : [{ value: entry, share: 1 }]);

/** Returns how many values the longest list has. Throws where the lists do not follow each other to the end. */
export function longestList(lists: Lists): number {
  let longest = 0;
  let at = 0;
  while (at < lists.length) {
    const count = lists[at]!;
    if (count < 0) break;
    longest = Math.max(longest, count);
    at += 1 + 2 * count;
  }
  if (at !== lists.length) throw new Error('the lists of the encoded rows are damaged');
  return longest;
}
