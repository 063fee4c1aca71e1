import { TextsBuilder, type Texts } from '../../texts/texts.js';

/** The values of a column with the number of rows that have each. */
export class Vocabulary {
  /** Their numbers in `texts`, by falling number of rows, and then as JavaScript orders texts. */
  private readonly order: Uint32Array;

  private readonly texts: Texts;
  private readonly rows: ArrayLike<number>;

  constructor({ texts, rows }: CountedValues) {
    this.texts = texts;
    this.rows = rows;
    this.order = inOrder(texts, rows);
  }

  /** Returns how many values so many rows have, at least. */
  countFrom(minRows: number): number {
    let [low, high] = [0, this.order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.rows[this.order[middle]!]! >= minRows) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Returns how many values there are, how many are kept, and the share of the rows with one of the others. */
  facts(kept: number): { values: number; kept: number; rest: number } {
    let [all, others] = [0, 0];
    this.order.forEach((number, i) => {
      all += this.rows[number]!;
      if (i >= kept) others += this.rows[number]!;
    });
    return { values: this.order.length, kept, rest: all === 0 ? 0 : others / all };
  }

  /** Returns the values that so many rows have, the most frequent ones first, and of these so many at most. */
  mostFrequent(minRows: number, most = Infinity): Texts {
    const kept = new TextsBuilder();
    const count = Math.min(most, this.countFrom(minRows));
    for (let i = 0; i < count; i++) this.texts.copyTo(kept, this.order[i]!);
    return kept.build();
  }
}

/** Different values, and how many training rows have each; none, for some that are in other rows. */
export interface CountedValues {
  readonly texts: Texts;
  readonly rows: ArrayLike<number>;
}

/**
 * Counts the values of a column. `byCode`: how many rows have each code; `values`: texts by code, less 1, of which
 * several may be the same.
 */
export function countedValues(values: Texts, byCode: Uint32Array): CountedValues {
  if (values.isAscending) return { texts: values, rows: withoutMissing(values, byCode.subarray(1)) };
  return countedEach((count) => {
    for (let i = 0; i < values.length; i++) {
      const text = byCode[i + 1]! > 0 ? values.at(i) : null;
      if (text !== null) count(text, byCode[i + 1]!);
    }
  });
}

/** Counts the values of a column whose cells have several, by its cells. */
export const countedInCells = (
  cells: Texts,
  byCode: Uint32Array,
  read: (cell: string) => readonly { readonly text: string }[],
): CountedValues =>
  countedEach((count) => {
    for (let i = 0; i < cells.length; i++) {
      const cell = byCode[i + 1]! > 0 ? cells.at(i) : null;
      if (cell !== null) for (const { text } of read(cell)) count(text, byCode[i + 1]!);
    }
  });

/** Counts the values of several columns together. */
export function countedTogether(columns: readonly CountedValues[]): CountedValues {
  const [first] = columns;
  if (columns.length === 1 && first !== undefined) return first;
  return countedEach((count) => {
    for (const { texts, rows } of columns)
      for (let i = 0; i < texts.length; i++) if (rows[i]! > 0) count(texts.at(i)!, rows[i]!);
  });
}

function countedEach(each: (count: (text: string, rows: number) => void) => void): CountedValues {
  const texts = new TextsBuilder();
  const rows: number[] = [];
  each((text, more) => {
    const number = texts.number(text);
    rows[number] = (rows[number] ?? 0) + more;
  });
  return { texts: texts.build(), rows };
}

const withoutMissing = (values: Texts, rows: Uint32Array): Uint32Array =>
  rows.map((count, i) => (values.isMissing(i) ? 0 : count));

/** Sorts by the order of texts, where they are not in it, and then by rows, which keeps that order. */
function inOrder(texts: Texts, rows: ArrayLike<number>): Uint32Array {
  let present = 0;
  let most = 0;
  for (let i = 0; i < texts.length; i++) {
    if (rows[i]! > 0) present++;
    most = Math.max(most, rows[i]!);
  }
  const numbers = new Uint32Array(present);
  let next = 0;
  for (let i = 0; i < texts.length; i++) if (rows[i]! > 0) numbers[next++] = i;
  if (!texts.isAscending) numbers.sort((one, other) => texts.compare(one, other));
  // By counting, digit by digit: a comparison of ten million numbers takes longer than all else.
  let from: Uint32Array = numbers;
  for (let shift = 0; shift === 0 || most / 2 ** shift >= 1; shift += digitBits)
    from = byDigit(from, rows, shift);
  return from;
}

const digitBits = 11;

/** Sorts numbers by a digit of their rows, falling; those with the same one keep their order. */
function byDigit(numbers: Uint32Array, rows: ArrayLike<number>, shift: number): Uint32Array {
  const last = 2 ** digitBits - 1;
  const digit = (number: number): number => last - (Math.floor(rows[number]! / 2 ** shift) & last);
  const places = new Uint32Array(last + 2);
  for (let i = 0; i < numbers.length; i++) places[digit(numbers[i]!) + 1]!++;
  for (let i = 1; i < places.length; i++) places[i]! += places[i - 1]!;
  const sorted = new Uint32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) sorted[places[digit(numbers[i]!)]!++] = numbers[i]!;
  return sorted;
}
