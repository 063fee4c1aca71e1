import { operation, type Operation } from '../../format/operations.js';
import { fromColumn, tableFrom, type Matrix, type Rows } from '../../program/areas.js';
import type { Builder } from '../../program/builder.js';
import { scatterEmbeddings, type Embeddings } from './embeddings-plan.js';
import { inputGradient, layerGradients } from '../layers/product-plan.js';

/** A stream of values, its gradient, and whether the backward program has written to that already. */
export interface Stream {
  readonly value: Rows;
  readonly gradient: Rows;
  gradientStarted: boolean;
}

/**
 * The first layers of a level read a source: a stream of the level below, or the encoded row. What is dense
 * lies in a block of scratch; one-hot fields stay indices, which choose rows of the weight.
 */
export interface LayerSource {
  /** Values [rows of a block, denseWidth]. */
  readonly dense: Rows;
  readonly denseWidth: number;
  readonly oneHot: readonly OneHotField[];
  readonly piecewise: readonly OneHotField[];
  /** Fields of several values. */
  readonly listed: readonly OneHotField[];
  /** Rows of a first layer's weight: the dense values' ones, then those of each one-hot field that is not tabled. */
  readonly rows: number;
  /** The one-hot fields whose rows of the weight lie apart, in a table. */
  readonly tabled: readonly TabledField[];
  /** Says which rows of a named first-layer weight lie where in the packed one. */
  readonly order: readonly { readonly named: number; readonly packed: number; readonly count: number }[];
  /** Gets the gradient by the dense values. */
  readonly learner:
    | { readonly kind: 'stream'; readonly stream: Stream }
    | { readonly kind: 'embeddings'; readonly embeddings: Embeddings };
}

/** A one-hot or piecewise field, or one of several values. */
export interface OneHotField {
  /** The field's number among the categorical columns. */
  readonly field: number;
  /** The row of a first layer's weight that its category 0 chooses. */
  readonly firstRow: number;
}

/** A one-hot field whose rows move where a batch has them, and their place in the table of such rows. */
export interface TabledField {
  readonly field: number;
  /** The row of a named first-layer weight that its category 0 has. */
  readonly named: number;
  readonly row: number;
  readonly size: number;
}

/** Takes a first layer's weight, with a table beside it for one-hot fields whose rows move by themselves. */
export function sourceMatrix(builder: Builder, source: LayerSource, columns: number): Matrix {
  const matrix = builder.matrix(source.rows, columns);
  const size = source.tabled.reduce((sum, field) => sum + field.size, 0);
  if (size === 0) return matrix;
  const table = builder.table(size, columns, builder.keep(columns));
  for (const { field, row } of source.tabled) {
    const own = { ...table, at: table.at + row * table.stride };
    builder.tables.push({ field, table: own, columns, accumulates: false });
  }
  return { ...matrix, table };
}

export const sourceOf = (stream: Stream, width: number): LayerSource => ({
  dense: stream.value,
  denseWidth: width,
  oneHot: [],
  piecewise: [],
  listed: [],
  tabled: [],
  rows: width,
  order: [{ named: 0, packed: 0, count: width }],
  learner: { kind: 'stream', stream },
});

/** Notes that a named first layer has `columns` of a matrix, from `column` on. */
export function placeColumns(
  builder: Builder,
  name: string,
  { order, tabled }: LayerSource,
  { weight, bias, table }: Matrix,
  {
    column,
    columns,
    biased,
  }: { readonly column: number; readonly columns: number; readonly biased: boolean },
): void {
  for (const { named, packed, count } of order) {
    const first = fromColumn(weight, packed * weight.stride + column);
    builder.place(`${name}.weight`, first, count, columns, named);
  }
  if (table !== undefined) {
    const own = tableFrom(table, column);
    for (const { field, named, row, size } of tabled) {
      const rows = { field, table: own, columns, accumulates: false };
      builder.placeTable(`${name}.weight`, rows, { row, size, first: named });
    }
  }
  if (biased) builder.placeRow(`${name}.bias`, bias + column, columns);
}

/** Returns what computes the columns of a matrix, from `first` on, for a source. */
export function sourceProduct(
  { dense, denseWidth, oneHot, piecewise, listed }: LayerSource,
  matrix: Matrix,
  out: Rows,
  floors: number,
  first = 0,
): Operation[] {
  const columns = matrix.columns - first;
  if (columns <= 0) return [];
  const w = fromColumn(matrix.weight, first);
  const bias = matrix.bias + first;
  const y = fromColumn(out, first);
  const product = (initial: number | null) =>
    operation.product({
      x: dense,
      depth: denseWidth,
      w,
      columns,
      initial,
      y,
      floors: floors + first,
      gate: null,
    });
  if (oneHot.length + piecewise.length + listed.length === 0) return [product(bias)];
  // The weight's rows that the fields choose come first, and the dense product is added to them.
  const chosen = matrix.table === undefined ? w : fromColumn(matrix.table, first);
  return [
    operation.sumWeightRows({ bias, w: chosen, columns, to: y, fields: oneHot }),
    ...(piecewise.length > 0 ? [operation.addPlacedRows({ w, columns, to: y, fields: piecewise })] : []),
    ...(listed.length > 0 ? [operation.addListedRows({ w, columns, to: y, fields: listed })] : []),
    product(null),
  ];
}

interface SourceBackwardOptions {
  /** The number of columns that have a bias: the first ones. */
  readonly biased: number;
  /** The matrix is part of a bank's, whose gradients are there already. */
  readonly add?: boolean;
  /** dz is 0 wherever a ReLU is at its floor. */
  readonly cutOff?: boolean;
  /** What is kept of the rows for the matrix's table has been set already. */
  readonly keeps?: boolean;
}

/** Emits the gradients by the matrix, and by what is learned below, from dz of a product with a source. */
export function sourceBackward(
  builder: Builder,
  source: LayerSource,
  matrix: Matrix,
  dz: Rows,
  { biased, add = false, cutOff = false, keeps = false }: SourceBackwardOptions,
): void {
  const { dense, denseWidth, oneHot, piecewise, listed, rows, learner } = source;
  layerGradients(builder, dense, matrix, dz, { rows: denseWidth, biased, add, cutOff });
  const { table } = matrix;
  if (table !== undefined) {
    const { columns } = matrix;
    builder.programs.backward.push(
      operation.keepRows({ from: dz, columns, to: table.kept, add: add || keeps }),
    );
  }
  if (rows > denseWidth) {
    const { weight, columns } = matrix;
    if (!add)
      builder.clearGradient(weight.at + denseWidth * weight.stride, (rows - denseWidth) * weight.stride);
    const gradient = builder.gradientRows(weight);
    const { backward } = builder.programs;
    if (oneHot.length > 0 && table === undefined)
      backward.push(operation.scatterWeightRows({ dz, columns, gradient, fields: oneHot }));
    if (piecewise.length > 0)
      backward.push(operation.scatterPlacedRows({ dz, columns, gradient, fields: piecewise }));
    if (listed.length > 0)
      backward.push(operation.scatterListedRows({ dz, columns, gradient, fields: listed }));
  }
  switch (learner.kind) {
    case 'stream': {
      const { stream } = learner;
      inputGradient(builder, dz, matrix, stream.gradient, { add: stream.gradientStarted, below: null });
      stream.gradientStarted = true;
      return;
    }
    case 'embeddings': {
      // Numeric columns are given, so nobody needs the gradient by them.
      const { first } = learner.embeddings;
      const count = denseWidth - first;
      if (count === 0) return;
      const dx = builder.rows(count);
      inputGradient(builder, dz, matrix, dx, { add: false, below: null, first, count });
      scatterEmbeddings(builder, learner.embeddings, dense, denseWidth, dx);
      return;
    }
  }
}
