import type { LevelDescription } from '../../../network/description.js';
import { sourceWidth } from '../../../network/widths.js';
import type { Matrix, Rows } from '../program/areas.js';
import type { Builder } from '../program/builder.js';
import { operation } from '../program/codes.js';
import { firstParts, type GatePart } from './gate-parts.js';
import { planEmbeddingGradients, type InputPlan } from './input-plan.js';
import { cutsOff } from './units-plan.js';

/** A stream of values, its gradient, and whether the backward program has written to that already. */
export interface Stream {
  readonly value: Rows;
  readonly gradient: Rows;
  gradientStarted: boolean;
}

export type Source = Stream | InputPlan;

/**
 * The first layers of all experts that read one stream, and all gates that read it: one matrix product.
 * Columns, from the left: experts that end here, experts that go on, gates' hidden layers, parts of gates
 * with a bias, parts without. In the backward program they are written in that order, and a slice that does
 * not end on a whole vector spills into the next one's place before that is written; gates' parts write no
 * further than they reach.
 */
export interface Bank {
  readonly source: Source;
  readonly matrix: Matrix;
  readonly out: Rows;
  readonly gradient: Rows;
  /** Columns that have a bias: the first ones. */
  readonly biased: number;
  /** Whether most columns' gradients are 0 where their ReLU is at its floor. */
  readonly cutOff: boolean;
  /** Experts among them that have none. */
  readonly unbiased: readonly { readonly column: number; readonly units: number }[];
  /** First column of each expert's layer, by its number in the level. */
  readonly experts: ReadonlyMap<number, number>;
  /** In the order of their columns: gates with hidden layers first. */
  readonly gates: ReadonlyMap<number, ReadonlyMap<GatePart['suffix'], number>>;
  /** The forward program as far as gates need it. */
  readonly gatesForward: readonly (readonly number[])[];
}

/** `leftOut`: experts that have no place in banks. */
export function planBank(
  builder: Builder,
  level: LevelDescription,
  l: number,
  number: number,
  source: Source,
  leftOut: ReadonlySet<number>,
): Bank {
  const reads = <T extends { readonly source: number }>(all: readonly T[]) =>
    [...all.entries()].filter(([, each]) => each.source === number);
  const found = reads(level.experts).filter(
    ([e, { sharesWith }]) => !leftOut.has(e) && sharesWith === undefined,
  );
  const experts = [
    ...found.filter(([, e]) => e.layers.length === 1),
    ...found.filter(([, e]) => e.layers.length > 1),
  ];
  const foundGates = reads(level.gates);
  const parts = foundGates.flatMap(([g, gate]) => firstParts(gate).map((part) => ({ ...part, gate: g })));
  const rank = (part: GatePart) => (part.relu ? 0 : part.bias ? 1 : 2);
  parts.sort((a, b) => rank(a) - rank(b));

  const relu: boolean[] = [];
  const expertColumns = new Map<number, number>();
  for (const [e, expert] of experts) {
    expertColumns.set(e, relu.length);
    for (let unit = 0; unit < expert.layers[0]!; unit++) relu.push(cutsOff(expert));
  }
  const gateColumns = new Map<number, Map<GatePart['suffix'], number>>();
  const firstGateColumn = relu.length;
  let biased = relu.length;
  for (const part of parts) {
    const own = gateColumns.get(part.gate) ?? new Map<GatePart['suffix'], number>();
    gateColumns.set(part.gate, own.set(part.suffix, relu.length));
    for (let unit = 0; unit < part.columns; unit++) relu.push(part.relu);
    if (part.bias) biased = relu.length;
  }

  const matrix = builder.matrix(
    'oneHot' in source ? source.rows : sourceWidth(builder.network, l),
    relu.length,
  );
  const unbiased: { readonly column: number; readonly units: number }[] = [];
  for (const [e, column] of expertColumns) {
    const name = `levels.${l}.experts.${e}.layers.0`;
    const { layers, bias = true } = level.experts[e]!;
    placeColumns(builder, name, source, matrix, column, layers[0]!, bias);
    if (!bias) unbiased.push({ column, units: layers[0]! });
  }
  for (const { gate, suffix, columns, bias } of parts) {
    placeColumns(
      builder,
      `levels.${l}.gates.${gate}${suffix}`,
      source,
      matrix,
      gateColumns.get(gate)!.get(suffix)!,
      columns,
      bias,
    );
  }
  const out = builder.rows(relu.length);
  // A slice's last vector may reach past the bank's last column, and must not reach into the next row.
  const slices = [...expertColumns].map(([e, column]) => [column, level.experts[e]!.layers[0]!] as const);
  const hidden = parts
    .filter((part) => part.relu)
    .map(({ gate, suffix, columns }) => [gateColumns.get(gate)!.get(suffix)!, columns] as const);
  const reach = [...slices, ...hidden].map(([column, units]) => column + builder.padded(units));
  const gradient = builder.rows(Math.max(relu.length, ...reach));
  const floors = builder.floors(relu);
  builder.forward.push(...productOf(source, matrix, out, floors));
  // From a whole vector on, so that no row's last vector reaches past its end.
  const gatesForward = productOf(
    source,
    matrix,
    out,
    floors,
    Math.floor(firstGateColumn / builder.limits.width) * builder.limits.width,
  );
  const cutOff = 2 * relu.filter(Boolean).length > relu.length;
  return {
    source,
    matrix,
    out,
    gradient,
    biased,
    cutOff,
    unbiased,
    experts: expertColumns,
    gates: gateColumns,
    gatesForward,
  };
}

export function placeColumns(
  builder: Builder,
  name: string,
  source: Source,
  matrix: Matrix,
  column: number,
  columns: number,
  bias: boolean,
): void {
  const order = 'oneHot' in source ? source.order : [{ named: 0, packed: 0, count: matrix.rows }];
  for (const { named, packed, count } of order) {
    builder.place(
      `${name}.weight`,
      matrix.weight + packed * matrix.stride + column,
      matrix.stride,
      count,
      columns,
      named,
    );
  }
  if (bias) builder.place(`${name}.bias`, matrix.bias + column, matrix.stride, 1, columns);
}

/** Operations: what the columns of a matrix, from `first` on, make of a source. */
export function productOf(source: Source, matrix: Matrix, out: Rows, floors: number, first = 0): number[][] {
  const { stride } = matrix;
  const weight = matrix.weight + first;
  const bias = matrix.bias + first;
  const columns = matrix.columns - first;
  if (columns <= 0) return [];
  const product = (x: Rows, depth: number, initial: number) => [
    operation.PRODUCT,
    ...[
      x.at,
      x.stride,
      depth,
      weight,
      stride,
      columns,
      initial,
      out.at + first,
      out.stride,
      floors + first,
      -1,
      0,
    ],
  ];
  if (!('oneHot' in source)) return [product(source.value, matrix.rows, bias)];
  const { dense, denseWidth, oneHot } = source;
  if (oneHot.length === 0) return [product(dense, denseWidth, bias)];
  const head = [
    operation.SUM_WEIGHT_ROWS,
    bias,
    weight,
    stride,
    columns,
    out.at + first,
    out.stride,
    oneHot.length,
  ];
  return [[...head, ...oneHot.flat()], product(dense, denseWidth, -1)];
}

/** From the gradient of all of the bank's columns to its weights, and to what it reads. */
export function planBankBackward(
  builder: Builder,
  { source, matrix, gradient, biased, cutOff, unbiased }: Bank,
): void {
  planProductBackward(builder, source, matrix, gradient, { biased, cutOff });
  for (const { column, units } of unbiased) {
    builder.backward.push([operation.CLEAR_GRADIENT, builder.gradient(matrix.bias) + column, units]);
  }
}

/** `add`: the matrix is part of a bank's, whose gradients are there. */
export function planProductBackward(
  builder: Builder,
  source: Source,
  matrix: Matrix,
  gradient: Rows,
  {
    biased,
    add = false,
    cutOff = false,
  }: { readonly biased: number; readonly add?: boolean; readonly cutOff?: boolean },
): void {
  if (!('oneHot' in source)) {
    builder.layerGradients(source.value, matrix, gradient, { biased, add, cutOff });
    builder.inputGradient(gradient, matrix, source.gradient, { add: source.gradientStarted, below: null });
    source.gradientStarted = true;
    return;
  }
  builder.layerGradients(source.dense, matrix, gradient, { rows: source.denseWidth, biased, add, cutOff });
  if (source.oneHot.length > 0) {
    if (!add)
      builder.clearGradient(
        matrix.weight + source.denseWidth * matrix.stride,
        (source.rows - source.denseWidth) * matrix.stride,
      );
    const head = [
      gradient.at,
      gradient.stride,
      matrix.columns,
      builder.gradient(matrix.weight),
      matrix.stride,
      source.oneHot.length,
    ];
    builder.backward.push([operation.SCATTER_WEIGHT_ROWS, ...head, ...source.oneHot.flat()]);
  }
  const first = builder.network.input.numeric;
  const count = source.denseWidth - first;
  if (count === 0) return;
  const dx = builder.rows(count);
  builder.inputGradient(gradient, matrix, dx, { add: false, below: null, first, count });
  planEmbeddingGradients(builder, source, dx);
}
