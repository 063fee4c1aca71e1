import type { Activation, NetworkDescription } from '../../../network/description.js';
import { Area, Constants, LINE, roundUp, type Matrix, type Piece, type Rows } from './areas.js';
import { maskRows, operation } from './codes.js';
import { ImportancePass } from './importance-pass.js';

/** Where the areas of a plan begin in the arena, in floats. */
export interface Bases {
  readonly parameters: number;
  readonly transposed: number;
  readonly constants: number;
  readonly evaluation: number;
  /** Within a share's gradient buffer, after the parameters. */
  readonly byUnit: number;
}

/** What is fixed before a plan is made. */
export interface Limits {
  /** Floats in a vector of the kernel that will run it. */
  readonly width: number;
  readonly threads: number;
  /** Rows of a full block. */
  readonly blockRows: number;
  /** Rows of one call of evaluation. */
  readonly evaluationRows: number;
  /** Whether weights decay. */
  readonly decays?: boolean;
  /**
   * An expert is computed for the rows that take it alone where at most this share of them is expected to
   * (sparse-plan.ts).
   */
  readonly sparseBelow: number;
}

type Operation = readonly number[];

interface LayerGradientOptions {
  /** As many of the weight's rows as x has columns. */
  readonly rows?: number;
  /** How many columns have a bias: the first ones. */
  readonly biased?: number;
  /** To what another layer has set. */
  readonly add?: boolean;
  /** dz is 0 wherever a ReLU is at its floor. */
  readonly cutOff?: boolean;
}

/**
 * Where a training pass needs the whole batch: what each share of rows does once before all have come here,
 * and once after.
 */
export interface Barrier {
  readonly end: readonly Operation[];
  readonly start: readonly Operation[];
}

/** Collects a plan: areas, the parameters' places and the programs. */
export class Builder {
  readonly parameters: Area;
  readonly transposed: Area;
  readonly constants: Constants;
  readonly evaluation: Area;
  /**
   * Of a share's gradient buffer: weights' gradients unit by unit, until all of its rows are there
   * (kernel/active.h).
   */
  readonly byUnit: Area;
  readonly scratch = new Area(0);
  readonly pieces = new Map<string, Piece[]>();
  readonly forward: Operation[] = [];
  readonly backward: Operation[] = [];
  readonly transposes: Operation[] = [];
  /** Before a thread's first block: zeros where gradients are added one by one. */
  readonly start: Operation[] = [];
  /** After a share's last block. */
  readonly end: Operation[] = [];
  /** After the last block of all: what is added to the gradient once. */
  readonly finish: Operation[] = [];
  readonly importance = new ImportancePass();
  /** Marks in the programs where a training pass needs the whole batch. */
  readonly barriers = new Map<Operation, Barrier>();
  /** What a share of rows keeps from stage to stage (kernel/batch.h). */
  readonly statistics = new Area(0);
  readonly predict: Operation[] = [];
  readonly routes: Operation[] = [];
  readonly experts: Operation[] = [];
  /** Where evaluation puts what it is asked for: by task, and by level. */
  readonly predictions: number[] = [];
  readonly outputs: { readonly routes: number; readonly experts: number }[] = [];

  constructor(
    readonly network: NetworkDescription,
    readonly limits: Limits,
    bases: Bases,
  ) {
    this.parameters = new Area(bases.parameters);
    this.transposed = new Area(bases.transposed);
    this.constants = new Constants(bases.constants);
    this.evaluation = new Area(bases.evaluation);
    this.byUnit = new Area(bases.byUnit);
  }

  padded(columns: number): number {
    return roundUp(columns, this.limits.width);
  }

  /** A row of `columns` values for every row of a block, readable to the end of the last vector. */
  rows(columns: number): Rows {
    const stride = apart(this.padded(columns));
    return { at: this.scratch.take(stride * this.limits.blockRows), stride };
  }

  /** For each of `count` experts the weights of a block's rows, side by side. */
  routeRows(count: number): number {
    return this.scratch.take(count * this.limits.blockRows);
  }

  matrix(rows: number, columns: number): Matrix {
    const stride = this.padded(columns);
    return {
      weight: this.parameters.take(rows * stride),
      bias: this.parameters.take(stride),
      rows,
      columns,
      stride,
    };
  }

  /** Says that rows `first` … of a named parameter lie at this place of the arena. */
  place(name: string, at: number, stride: number, rows: number, columns: number, first = 0): void {
    const pieces = this.pieces.get(name) ?? [];
    pieces.push({ first, rows, columns, at: at - this.parameters.base, stride });
    this.pieces.set(name, pieces);
  }

  barrier(program: Operation[], barrier: Barrier): void {
    const mark: Operation = [];
    this.barriers.set(mark, barrier);
    program.push(mark);
  }

  /** A place of the arena's parameters as a place in a thread's gradient buffer. */
  gradient(parameter: number): number {
    return parameter - this.parameters.base;
  }

  /**
   * Parameters whose gradient is added row by row start from zeros in every step; all others are set by the
   * first block.
   */
  clearGradient(parameter: number, length: number): void {
    this.start.push([operation.CLEAR_GRADIENT, this.gradient(parameter), length]);
  }

  /** A floor for every column: 0 where it is a ReLU's, −∞ where nothing is cut off. */
  floors(relu: readonly boolean[]): number {
    const count = this.padded(relu.length);
    return this.constants.put(
      Array.from({ length: count }, (_, column) => (relu[column] === true ? 0 : -Infinity)),
    );
  }

  floorsOf(activation: Activation, columns: number): number {
    return this.floors(Array.from({ length: columns }, () => activation === 'relu'));
  }

  /**
   * The operations that `emit` adds to `program` are for the rows of a list alone. `index`: a place for the
   * rows' numbers.
   */
  onRows(program: Operation[], list: number, index: number, emit: () => void): void {
    const before = program.length;
    emit();
    const inside = program.splice(before);
    const on = [operation.ON_ROWS, list, index, 0];
    on[3] = encodedLength([on, ...inside]);
    program.push(on, ...inside, [operation.OFF_ROWS]);
  }

  /** y = act(x · w + bias) */
  layer(x: Rows, matrix: Matrix, y: Rows, floors: number): void {
    const { weight, bias, rows, columns, stride } = matrix;
    this.forward.push([
      operation.PRODUCT,
      x.at,
      x.stride,
      rows,
      weight,
      stride,
      columns,
      bias,
      y.at,
      y.stride,
      floors,
      -1,
      0,
    ]);
  }

  /** Gradients of weight and bias from dz. */
  layerGradients(x: Rows, matrix: Matrix, dz: Rows, options: LayerGradientOptions = {}): void {
    const { rows = matrix.rows, biased = matrix.columns, add = false, cutOff = false } = options;
    const [bias, weight] = add
      ? [operation.ADD_BIAS_GRADIENT, operation.ADD_WEIGHT_GRADIENT]
      : [operation.BIAS_GRADIENT, operation.WEIGHT_GRADIENT];
    if (biased > 0) this.backward.push([bias, dz.at, dz.stride, biased, this.gradient(matrix.bias)]);
    if (rows === 0) return;
    const at = this.gradient(matrix.weight);
    const operands = [x.at, x.stride, rows, dz.at, dz.stride, matrix.columns, at, matrix.stride];
    if (cutOff && !add && this.#skipsRest(rows, matrix.columns))
      this.#activeGradient(operands, rows, matrix.columns, at, matrix.stride);
    else this.backward.push([weight, ...operands]);
  }

  /**
   * Whether it pays to leave out the rows for which a unit is at rest, and nothing is added to the gradient
   * meanwhile.
   */
  #skipsRest(rows: number, columns: number): boolean {
    const shares = this.network.levels.some(({ experts }) =>
      experts.some(({ sharesWith }) => sharesWith !== undefined),
    );
    return (
      !shares &&
      this.limits.blockRows <= maskRows &&
      rows >= 4 * this.limits.width &&
      columns >= this.limits.width
    );
  }

  #activeGradient(
    operands: readonly number[],
    rows: number,
    columns: number,
    gradient: number,
    stride: number,
  ): void {
    const state = this.byUnit.take(1);
    const { at, stride: unitStride } = this.#unitRows(rows, columns);
    const masks = this.scratch.take(2 * this.padded(columns));
    this.start.push([operation.CLEAR_GRADIENT, state, 1]);
    this.backward.push([operation.ACTIVE_GRADIENT, ...operands, state, at, unitStride, masks]);
    this.end.push([operation.TURN_GRADIENT, state, at, unitStride, columns, rows, gradient, stride]);
  }

  #unitRows(rows: number, columns: number): Rows {
    const stride = apart(this.padded(rows));
    return { at: this.byUnit.take(columns * stride), stride };
  }

  /**
   * dx (+)= dz · wᵀ for the weight's rows [first, first + count); where `below` is given, cut off where that
   * layer's ReLU was.
   */
  inputGradient(
    dz: Rows,
    matrix: Matrix,
    dx: Rows,
    {
      add,
      below,
      first = 0,
      count = matrix.rows,
    }: { add: boolean; below: Rows | null; first?: number; count?: number },
  ): void {
    const stride = this.padded(count);
    const to = this.transposed.take(matrix.columns * stride);
    this.transposes.push([
      operation.TRANSPOSE,
      matrix.weight + first * matrix.stride,
      matrix.stride,
      count,
      matrix.columns,
      to,
      stride,
    ]);
    const zeros = this.constants.put(Array.from({ length: stride }, () => 0));
    const floors = below === null ? this.floorsOf('linear', count) : zeros;
    const gate = below === null ? [-1, 0] : [below.at, below.stride];
    this.backward.push([
      operation.PRODUCT,
      ...[dz.at, dz.stride, matrix.columns, to, stride, count, add ? -1 : zeros, dx.at, dx.stride, floors],
      ...gate,
    ]);
  }
}

/** A stride: rows that lie a power of two apart would fall on the same few lines of the nearest cache. */
const apart = (padded: number) => (padded % 128 === 0 ? padded + LINE : padded);

/** A program as the kernel reads it: each operation's code, its length, its operands; then END. */
export function encodeProgram(operations: readonly Operation[]): number[] {
  return [
    ...operations.flatMap(([code, ...operands]) => [code!, operands.length + 2, ...operands]),
    operation.END,
  ];
}

const encodedLength = (operations: readonly Operation[]) =>
  operations.reduce((sum, { length }) => sum + length + 1, 0);

const bits = new DataView(new ArrayBuffer(4));
/** A float as the integer with the same bits. */
export function floatBits(value: number): number {
  bits.setFloat32(0, value);
  return bits.getInt32(0);
}

/** The float with an integer's bits. */
export function bitsFloat(value: number): number {
  bits.setInt32(0, value);
  return bits.getFloat32(0);
}
