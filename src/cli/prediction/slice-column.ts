import type { SliceOf } from '../../shared/prediction/report.js';
import { joined } from './joined.js';

/** A column has at most so many slices beside those of the other and the missing values. */
const mostValues = 20;
/** Numbers of more different values are told apart by ranges that have a like share of the rows each. */
const ranges = 10;
/** Different texts that are counted; further ones are among the others. */
const mostTexts = 100_000;
const missing = -1;
const uncounted = -2;

/** The slices of a column, and which of them each row is in. */
export interface ColumnSlices {
  readonly column: string;
  readonly slices: readonly SliceOf[];
  /** By row. */
  readonly of: Uint8Array;
}

/** What a number looks like; a text of digits with a leading zero is a code. */
const numberText = /^[+-]?(?:0|[1-9]\d*)(?:\.\d*)?(?:e[+-]?\d+)?$/i;

/**
 * Takes a column of a table batch by batch, as texts, to say in which slice of it each row lies. Where all texts are
 * numbers, they are ordered as such.
 */
export class SliceColumn {
  private readonly codes: Int32Array[] = [];
  private readonly codeByText = new Map<string, number>();
  private readonly counts: number[] = [];
  /** Null: a text is no number. */
  private numbers: Float64Array[] | null = [];

  constructor(readonly name: string) {}

  add(texts: readonly (string | null)[]): void {
    this.codes.push(Int32Array.from(texts, (text) => this.codeOf(text)));
    if (texts.some((text) => text !== null && !numberText.test(text))) this.numbers = null;
    this.numbers?.push(Float64Array.from(texts, (text) => (text === null ? NaN : Number(text))));
  }

  private codeOf(text: string | null): number {
    if (text === null) return missing;
    let code = this.codeByText.get(text);
    if (code === undefined) {
      if (this.counts.length === mostTexts) return uncounted;
      code = this.counts.length;
      this.counts.push(0);
      this.codeByText.set(text, code);
    }
    this.counts[code]!++;
    return code;
  }

  /** Returns the slices: values, or ranges of numbers; then other values, and missing ones. */
  slices(): ColumnSlices {
    if (this.numbers === null) return this.ofTexts();
    const known = this.numbers.map((part) => part.filter((value) => !Number.isNaN(value)));
    const sorted = joined(known, Float64Array).sort();
    const different = differentOf(sorted, mostValues);
    return different === null ? this.ofRanges(this.numbers, sorted) : this.ofNumbers(this.numbers, different);
  }

  private ofTexts(): ColumnSlices {
    const texts = [...this.codeByText.keys()];
    // Equally frequent ones stay in the order in which they first came.
    const shown = [...this.counts.keys()]
      .sort((one, other) => this.counts[other]! - this.counts[one]!)
      .slice(0, mostValues);
    const sliceByCode = new Int32Array(this.counts.length).fill(shown.length);
    shown.forEach((code, slice) => (sliceByCode[code] = slice));
    const values = shown.map((code): SliceOf => ({ kind: 'value', value: texts[code]! }));
    return this.withRows(values, this.codes, (code) => {
      if (code === missing) return null;
      return code === uncounted ? values.length : sliceByCode[code]!;
    });
  }

  private ofNumbers(numbers: readonly Float64Array[], different: readonly number[]): ColumnSlices {
    const values = different.map((value): SliceOf => ({ kind: 'value', value }));
    return this.withRows(values, numbers, (value) => (Number.isNaN(value) ? null : different.indexOf(value)));
  }

  private ofRanges(numbers: readonly Float64Array[], sorted: Float64Array): ColumnSlices {
    const lows = [
      ...new Set(
        Array.from({ length: ranges }, (_, at) => sorted[Math.floor((at * sorted.length) / ranges)]!),
      ),
    ];
    const values = lows.map((low, at): SliceOf => {
      const next = lows[at + 1];
      return { kind: 'range', low, high: next === undefined ? sorted.at(-1)! : lastBelow(sorted, next) };
    });
    return this.withRows(values, numbers, (value) => {
      if (Number.isNaN(value)) return null;
      let slice = lows.length - 1;
      while (lows[slice]! > value) slice--;
      return slice;
    });
  }

  /** `place`: the number of a value's slice, one after the last for the others; null: it is missing. */
  private withRows(
    values: readonly SliceOf[],
    parts: readonly (Float64Array | Int32Array)[],
    place: (value: number) => number | null,
  ): ColumnSlices {
    const of = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let row = 0;
    for (const part of parts) for (const value of part) of[row++] = place(value) ?? values.length + 1;
    const others: SliceOf = { kind: 'others', values: this.counts.length - values.length };
    return { column: this.name, slices: [...values, others, { kind: 'missing' }], of };
  }
}

/** Returns the different values of sorted ones; null: there are more than `most`. */
function differentOf(sorted: Float64Array, most: number): number[] | null {
  const different: number[] = [];
  for (const value of sorted)
    if (value !== different.at(-1)) {
      if (different.length === most) return null;
      different.push(value);
    }
  return different;
}

/** Returns the largest of sorted values that is below a bound. */
function lastBelow(sorted: Float64Array, bound: number): number {
  let at = sorted.length - 1;
  while (sorted[at]! >= bound) at--;
  return sorted[at]!;
}
