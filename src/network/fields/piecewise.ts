import type { FieldDescription } from '../description.js';

/**
 * A piecewise field's entry is a place between two of its columns as one integer: the lower column in the high
 * bits, and the share of the way to the next one in the low 16. So it needs no more room than an index.
 */

/** The part of an entry that stands for the whole way to the next column. */
const wholeWay = 0xffff;

/** The largest size of a piecewise field: its entries are 32-bit integers with a sign. */
export const maxPiecewiseSize = 0x8000;

/** Returns the entry for a place between the columns `lower` and `lower` + 1. `share`: 0 … 1 of the way. */
export const placeEntry = (lower: number, share: number): number =>
  lower * (wholeWay + 1) + Math.round(share * wholeWay);

/** Returns what an entry says. */
export const placeOf = (entry: number): { lower: number; share: number } => ({
  lower: entry >> 16,
  share: (entry & wholeWay) / wholeWay,
});

/** Returns the number of different entries of a field: they are 0 … that − 1. */
export const entriesOf = ({ size, encode }: Pick<FieldDescription, 'size' | 'encode'>): number =>
  encode === 'piecewise' ? (size - 1) * (wholeWay + 1) : size;
