import { maskRows } from '../../format/numbers.js';
import { operation } from '../../format/operations.js';
import { fromColumn, type Matrix, type Rows } from '../../program/areas.js';
import type { Builder } from '../../program/builder.js';

/** Emits y = act(x · w + bias). */
export function forwardProduct(builder: Builder, x: Rows, matrix: Matrix, y: Rows, floors: number): void {
  const { weight, bias, rows, columns } = matrix;
  builder.programs.forward.push(
    operation.product({ x, depth: rows, w: weight, columns, initial: bias, y, floors, gate: null }),
  );
}

interface LayerGradientOptions {
  /** The number of the weight's rows that x has columns for. Default: all. */
  readonly rows?: number;
  /** The number of columns that have a bias: the first ones. Default: all. */
  readonly biased?: number;
  /** Adds to what another layer has set. */
  readonly add?: boolean;
  /** Says that dz is 0 wherever a ReLU is at its floor. */
  readonly cutOff?: boolean;
}

/** Emits the gradients of weight and bias from dz. */
export function layerGradients(
  builder: Builder,
  x: Rows,
  matrix: Matrix,
  dz: Rows,
  options: LayerGradientOptions = {},
): void {
  const { rows = matrix.rows, biased = matrix.columns, add = false, cutOff = false } = options;
  const { backward } = builder.programs;
  if (biased > 0) {
    const gradient = builder.gradient(matrix.bias);
    backward.push(operation.biasGradient({ dz, columns: biased, gradient, add }));
  }
  if (rows === 0) return;
  const { columns } = matrix;
  const of = { x, depth: rows, dz, columns, gradient: builder.gradientRows(matrix.weight) };
  if (cutOff && !add && skipsRest(builder, rows, columns)) activeGradient(builder, of);
  else backward.push(operation.weightGradient({ of, add }));
}

/**
 * Returns whether it pays to leave out the rows for which a unit is at rest, and nothing is added to the
 * gradient meanwhile.
 */
function skipsRest({ network, limits }: Builder, rows: number, columns: number): boolean {
  const shares = network.levels.some(({ experts }) =>
    experts.some(({ sharesWith }) => sharesWith !== undefined),
  );
  return !shares && limits.blockRows <= maskRows && rows >= 4 * limits.width && columns >= limits.width;
}

/**
 * Emits the gradient of a weight unit by unit, over the rows for which the unit is not at rest; it is brought
 * into the weight's own order once all rows of the share are there.
 */
function activeGradient(builder: Builder, of: Parameters<typeof operation.activeGradient>[0]['of']): void {
  const { depth, columns, gradient } = of;
  const { start, backward, end } = builder.programs;
  const state = builder.areas.byUnit.take(1);
  const byUnit = builder.unitRows(depth, columns);
  const masks = builder.areas.scratch.take(2 * builder.padded(columns));
  start.push(operation.clearGradient({ gradient: state, length: 1 }));
  backward.push(operation.activeGradient({ of, state, byUnit, masks }));
  end.push(operation.turnGradient({ state, byUnit, columns, depth, gradient }));
}

interface InputGradientOptions {
  /** Adds to what dx holds. */
  readonly add: boolean;
  /** The output of the layer below, where a ReLU may have been at its floor; null cuts nothing off. */
  readonly below: Rows | null;
  /** The weight's rows that matter: [first, first + count). Default: all. */
  readonly first?: number;
  readonly count?: number;
}

/** Emits dx (+)= dz · wᵀ. */
export function inputGradient(
  builder: Builder,
  dz: Rows,
  matrix: Matrix,
  dx: Rows,
  { add, below, first = 0, count = matrix.rows }: InputGradientOptions,
): void {
  const { weight, columns } = matrix;
  const stride = builder.padded(count);
  const transposed = { at: builder.areas.transposed.take(columns * stride), stride };
  const from = fromColumn(weight, first * weight.stride);
  builder.programs.transposes.push(operation.transpose({ w: from, rows: count, columns, to: transposed }));
  const zeros = builder.areas.constants.put(Array.from({ length: stride }, () => 0));
  builder.programs.backward.push(
    operation.product({
      x: dz,
      depth: columns,
      w: transposed,
      columns: count,
      initial: add ? null : zeros,
      y: dx,
      floors: below === null ? builder.floorsOf(false, count) : zeros,
      gate: below,
    }),
  );
}
