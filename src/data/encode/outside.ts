import type { OutsideColumn, OutsideOfPart } from '../../shared/run/run-manifest.js';
import { isTime } from '../duckdb/type-kind.js';
import type { RawColumns } from '../gather/selection-rows.js';
import type { Encoder } from './encoder.js';
import { outsideLines } from '../../shared/run/outside-text.js';
import { toSingle } from './numbers/scales.js';

interface Counted {
  readonly name: string;
  /** The range of the training rows. */
  readonly low: number;
  readonly high: number;
  readonly time?: string;
  values: number;
  least: number;
  most: number;
}

/** Counts the numbers outside the range of the training rows' ones, by column. */
export class OutsideCount {
  private readonly columns: readonly Counted[];

  constructor(encoder: Pick<Encoder, 'numeric'>) {
    this.columns = encoder.numeric.flatMap(({ name, type, range }) =>
      range === undefined
        ? []
        : [
            {
              ...{ name, ...range, values: 0, least: Infinity, most: -Infinity },
              ...(isTime(type) && { time: type }),
            },
          ],
    );
  }

  /** Counts the rows at `rows` of raw columns. */
  add(raw: RawColumns, rows: Uint32Array): void {
    for (const column of this.columns) {
      const values = raw.numbers.get(column.name);
      if (values === undefined) continue;
      const { low, high } = column;
      for (let i = 0; i < rows.length; i++) {
        const value = values[rows[i]!]!;
        if (value >= low && value <= high) continue;
        const single = toSingle(value);
        // Not so for a missing value, nor for one that single precision brings back.
        if (!(single < low || single > high)) continue;
        column.values++;
        column.least = Math.min(column.least, single);
        column.most = Math.max(column.most, single);
      }
    }
  }

  /** Returns the columns with such numbers. */
  found(): OutsideColumn[] {
    return this.columns.filter(({ values }) => values > 0).map((column) => ({ ...column }));
  }
}

/** Warns of values that are further outside the range of the training rows than that is wide. */
export const farOutsideWarnings = (outside: readonly OutsideOfPart[]): string[] =>
  outsideLines(
    outside.filter(({ low, high, least, most }) => Math.max(low - least, most - high) > high - low),
  );
