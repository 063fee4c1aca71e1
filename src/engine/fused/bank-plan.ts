import type { LevelDescription } from '../../network/description.js';
import { sourceWidth } from '../../network/widths.js';
import type { Matrix, Rows } from './areas.js';
import type { Builder } from './builder.js';
import { operation } from './codes.js';
import { planEmbeddingGradients, type InputPlan } from './input-plan.js';

/** A stream of values, its gradient, and whether the backward program has written to that already. */
export interface Stream {
  readonly value: Rows;
  readonly gradient: Rows;
  gradientStarted: boolean;
}

export type Source = Stream | InputPlan;

/**
 * The first layers of all experts that read one stream, and all gates that read it: one matrix product.
 * Columns, from the left: experts that end here, experts that go on, gates with a bias, gates without. In the backward
 * program they are written in that order, and a slice that does not end on a whole vector spills into the next one's place
 * before that is written.
 */
export interface Bank {
  readonly source: Source;
  readonly matrix: Matrix;
  readonly out: Rows;
  readonly gradient: Rows;
  /** Columns that have a bias: the first ones. */
  readonly biased: number;
  /** First column of each expert's layer, by its number in the level. */
  readonly experts: ReadonlyMap<number, number>;
  readonly gates: ReadonlyMap<number, number>;
}

export function planBank(builder: Builder, level: LevelDescription, l: number, number: number, source: Source): Bank {
  const reads = <T extends { readonly source: number }>(all: readonly T[]) =>
    [...all.entries()].filter(([, each]) => each.source === number);
  const found = reads(level.experts);
  const experts = [...found.filter(([, e]) => e.layers.length === 1), ...found.filter(([, e]) => e.layers.length > 1)];
  const foundGates = reads(level.gates);
  const gates = [...foundGates.filter(([, gate]) => gate.bias), ...foundGates.filter(([, gate]) => !gate.bias)];

  const relu: boolean[] = [];
  const expertColumns = new Map<number, number>();
  for (const [e, { layers, activation }] of experts) {
    expertColumns.set(e, relu.length);
    for (let unit = 0; unit < layers[0]!; unit++) relu.push(activation === 'relu');
  }
  const gateColumns = new Map<number, number>();
  let biased = relu.length;
  for (const [g, gate] of gates) {
    gateColumns.set(g, relu.length);
    relu.push(...gate.experts.map(() => false));
    if (gate.bias) biased = relu.length;
  }

  const matrix = builder.matrix('oneHot' in source ? source.rows : sourceWidth(builder.network, l), relu.length);
  for (const [e, column] of expertColumns) {
    const name = `levels.${l}.experts.${e}.layers.0`;
    placeColumns(builder, name, source, matrix, column, level.experts[e]!.layers[0]!, true);
  }
  for (const [g, column] of gateColumns) {
    const gate = level.gates[g]!;
    placeColumns(builder, `levels.${l}.gates.${g}`, source, matrix, column, gate.experts.length, gate.bias);
  }
  const out = builder.rows(relu.length);
  // A slice's last vector may reach past the bank's last column, and must not reach into the next row.
  const reach = [...expertColumns].map(([e, column]) => column + builder.padded(level.experts[e]!.layers[0]!));
  const gradient = builder.rows(Math.max(relu.length, ...reach));
  forward(builder, source, matrix, out, builder.floors(relu));
  return { source, matrix, out, gradient, biased, experts: expertColumns, gates: gateColumns };
}

function placeColumns(
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
    builder.place(`${name}.weight`, matrix.weight + packed * matrix.stride + column, matrix.stride, count, columns, named);
  }
  if (bias) builder.place(`${name}.bias`, matrix.bias + column, matrix.stride, 1, columns);
}

function forward(builder: Builder, source: Source, matrix: Matrix, out: Rows, floors: number): void {
  if (!('oneHot' in source)) {
    builder.layer(source.value, matrix, out, floors);
    return;
  }
  const { dense, denseWidth, oneHot } = source;
  const { weight, bias, columns, stride } = matrix;
  if (oneHot.length > 0) {
    const head = [operation.SUM_WEIGHT_ROWS, bias, weight, stride, columns, out.at, out.stride, oneHot.length];
    builder.forward.push([...head, ...oneHot.flat()]);
  }
  const initial = oneHot.length > 0 ? -1 : bias;
  builder.forward.push([
    operation.PRODUCT,
    ...[dense.at, dense.stride, denseWidth, weight, stride, columns, initial, out.at, out.stride, floors, -1, 0],
  ]);
}

/** From the gradient of all of the bank's columns to its weights, and to what it reads. */
export function planBankBackward(builder: Builder, bank: Bank): void {
  const { source, matrix, gradient, biased } = bank;
  if (!('oneHot' in source)) {
    builder.layerGradients(source.value, matrix, gradient, matrix.rows, biased);
    builder.inputGradient(gradient, matrix, source.gradient, { add: source.gradientStarted, below: null });
    source.gradientStarted = true;
    return;
  }
  builder.layerGradients(source.dense, matrix, gradient, source.denseWidth, biased);
  if (source.oneHot.length > 0) {
    builder.clearGradient(matrix.weight + source.denseWidth * matrix.stride, (source.rows - source.denseWidth) * matrix.stride);
    const head = [gradient.at, gradient.stride, matrix.columns, builder.gradient(matrix.weight), matrix.stride, source.oneHot.length];
    builder.backward.push([operation.SCATTER_WEIGHT_ROWS, ...head, ...source.oneHot.flat()]);
  }
  const first = builder.network.input.numeric;
  const count = source.denseWidth - first;
  if (count === 0) return;
  const dx = builder.rows(count);
  builder.inputGradient(gradient, matrix, dx, { add: false, below: null, first, count });
  planEmbeddingGradients(builder, source, dx);
}
