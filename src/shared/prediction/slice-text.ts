import { formatCount, formatValue } from '../numbers.js';
import type { SliceOf } from './report.js';

/** What slices without a value of their own are called. */
export interface SliceWords {
  readonly missing: string;
  /** `values`: how many different values there are. */
  readonly others: (values: string) => string;
}

const english: SliceWords = { missing: 'missing', others: (values) => `${values} other values` };

/** Returns what the rows of a slice have in common, for people. */
export function sliceText(of: SliceOf, words: SliceWords = english): string {
  switch (of.kind) {
    case 'value':
      return typeof of.value === 'number' ? formatValue(of.value) : of.value;
    case 'range':
      return of.low === of.high ? formatValue(of.low) : `${formatValue(of.low)} … ${formatValue(of.high)}`;
    case 'others':
      return words.others(formatCount(of.values));
    case 'missing':
      return words.missing;
  }
}
