import type { InputDescription } from '../../../network/description.js';
import { inputLayout, interactionsWidth } from '../../../network/widths.js';

/** Neighbouring rows of a first layer's weight [input width, units]. */
export interface RowRange {
  readonly first: number;
  readonly rows: number;
}

/**
 * How a row enters the first level: which columns of the encoded row, and so which rows of the first layers'
 * weights, are multiplied, looked up and multiplied, or only looked up.
 */
export interface InputParts {
  readonly fields: readonly FieldPart[];
  /** Numeric columns, then expanded one-hot fields. */
  readonly dense: readonly RowRange[];
  /** Embeddings, side by side. */
  readonly embedded: readonly RowRange[];
  /** The embeddings' pooled products. */
  readonly pooled: readonly RowRange[];
  /** Periodic embeddings of numbers, side by side. */
  readonly periodic: readonly RowRange[];
  /** One-hot fields of many values and piecewise ones, whose rows are gathered and summed instead of multiplied. */
  readonly gathered: readonly RowRange[];
}

export type FieldPart =
  /** `column`: its first of the dense columns. */
  | { readonly kind: 'expanded'; readonly column: number }
  /** `row`: the row of its value 0 in a first layer's weight. */
  | { readonly kind: 'gathered'; readonly row: number; readonly several: boolean }
  /** `row`: the row of its first column in a first layer's weight. */
  | { readonly kind: 'placed'; readonly row: number }
  /** `column`: its first of the embedded columns; `table`: the parameter's name. */
  | {
      readonly kind: 'embedded';
      readonly column: number;
      readonly width: number;
      readonly table: string;
      readonly several: boolean;
    };

/**
 * A one-hot field of at most so many values is expanded into the batch's rows and multiplied. On WebAssembly
 * a column of a product costs 0.07 ns per row and unit, a gathered row 1.8 ns (measured), so wider fields are
 * gathered.
 */
export const EXPANDED_VALUES = 26;

export const countRows = (ranges: readonly RowRange[]): number =>
  ranges.reduce((sum, { rows }) => sum + rows, 0);

export function partsOfInput(input: InputDescription, expandedValues = EXPANDED_VALUES): InputParts {
  const layout = inputLayout(input);
  const { offsets } = layout;
  const dense: RowRange[] = input.numeric > 0 ? [{ first: 0, rows: input.numeric }] : [];
  const embedded: RowRange[] = [];
  const gathered: RowRange[] = [];
  const fields = input.fields.map(
    ({ name, size, encode, table: owner = name, several = false }, f): FieldPart => {
      const first = offsets[f]!;
      if (typeof encode === 'object') {
        const column = countRows(embedded);
        embedded.push({ first, rows: encode.embedding });
        const table = `embeddings.${owner}.weight`;
        return { kind: 'embedded', column, width: encode.embedding, table, several };
      }
      if (encode === 'piecewise' || size > expandedValues || several) {
        gathered.push({ first, rows: size });
        return encode === 'piecewise'
          ? { kind: 'placed', row: first }
          : { kind: 'gathered', row: first, several };
      }
      const column = countRows(dense);
      dense.push({ first, rows: size });
      return { kind: 'expanded', column };
    },
  );
  const periodic = (input.periodic ?? []).map(({ width }, i) => ({
    first: layout.periodic[i]!,
    rows: width,
  }));
  return { fields, dense, embedded, pooled: pooledRows(input, layout.interactions), periodic, gathered };
}

/** `first`: their first column. */
function pooledRows(input: InputDescription, first: number): RowRange[] {
  switch (input.interactions) {
    case undefined:
      return [];
    case 'fm':
      return [{ first, rows: interactionsWidth(input) }];
  }
}
