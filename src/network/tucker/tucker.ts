import { eigenvectors } from './eigen.js';
import { seededUniform } from '../draws/random.js';

/** The factors of W_t ≈ Σ_r constants[t][r] · first · cores[r] · second, row-major. */
export interface Tucker {
  /** U1 [inputs, r1], with orthonormal columns. */
  readonly first: Float64Array;
  /** The slices S_r [r1, r2], one for each of the r3. */
  readonly cores: readonly Float64Array[];
  /** U2ᵀ [r2, outputs], with orthonormal rows. */
  readonly second: Float64Array;
  /** U3, as r3 weights for each task. */
  readonly constants: readonly Float64Array[];
}

/**
 * Returns the Tucker decomposition W = S ×1 U1 ×2 U2 ×3 U3 of the tasks' weights, each [inputs, outputs], by
 * the higher-order singular value decomposition (De Lathauwer et al. 2000, section 3): U_m has the leading
 * left singular vectors of the unfolding along mode m. At ranks [inputs, outputs, tasks] it is exact. Each
 * rank is at least 1 and at most the size of its mode.
 */
export function tucker(
  weights: readonly ArrayLike<number>[],
  inputs: number,
  outputs: number,
  [r1, r2, r3]: readonly [number, number, number],
): Tucker {
  const tasks = weights.length;
  if (!(fits(r1, inputs) && fits(r2, outputs) && fits(r3, tasks)))
    throw new RangeError(`ranks ${r1}, ${r2}, ${r3} for weights of ${inputs} × ${outputs} × ${tasks}`);
  const at = (i: number, o: number, t: number): number => weights[t]![i * outputs + o]!;
  const firstRows = leading(
    unfold(inputs, outputs * tasks, (i, rest) => at(i, Math.floor(rest / tasks), rest % tasks)),
    r1,
  );
  const second = leading(
    unfold(outputs, inputs * tasks, (o, rest) => at(Math.floor(rest / tasks), o, rest % tasks)),
    r2,
  );
  const thirdRows = leading(
    unfold(tasks, inputs * outputs, (t, rest) => weights[t]![rest]!),
    r3,
  );
  // The core is U1ᵀ W_t U2 for each task, projected by U3ᵀ over the tasks.
  const seconds = transposed(second);
  const projected = weights.map((weight) =>
    product(product(firstRows, { rows: inputs, columns: outputs, data: Float64Array.from(weight) }), seconds),
  );
  const cores = Array.from({ length: r3 }, (_, r) => {
    const core = new Float64Array(r1 * r2);
    projected.forEach(({ data }, t) => addTo(core, thirdRows.data[r * tasks + t]!, data));
    return core;
  });
  const constants = weights.map((_, t) =>
    Float64Array.from({ length: r3 }, (_, r) => thirdRows.data[r * tasks + t]!),
  );
  return { first: transposed(firstRows).data, cores, second: second.data, constants };
}

const fits = (rank: number, size: number): boolean => Number.isInteger(rank) && rank >= 1 && rank <= size;

/** A row-major matrix. */
interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

function unfold(rows: number, columns: number, at: (row: number, column: number) => number): Matrix {
  const data = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) data[row * columns + column] = at(row, column);
  return { rows, columns, data };
}

/**
 * Returns the `rank` leading left singular vectors of x as rows. They come from the Gram matrix of its
 * smaller side, which stays small for wide inputs.
 */
function leading(x: Matrix, rank: number): Matrix {
  const tall = x.rows > x.columns;
  const side = tall ? transposed(x) : x;
  const { vectors } = eigenvectors(gram(side), side.rows);
  if (!tall) return { rows: rank, columns: x.rows, data: vectors.slice(0, rank * x.rows) };
  const known = Math.min(rank, side.rows);
  const rows = product({ rows: known, columns: side.rows, data: vectors.slice(0, known * side.rows) }, side);
  return orthonormal(rows, rank);
}

/** Returns x xᵀ. */
function gram(x: Matrix): Float64Array {
  const result = new Float64Array(x.rows * x.rows);
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j <= i; j++)
      result[i * x.rows + j] = result[j * x.rows + i] = inner(row(x, i), row(x, j));
  }
  return result;
}

/**
 * Makes `rank` orthonormal rows of x by Gram and Schmidt's method, done twice. A row that depends on the ones
 * before it, or that is missing, is drawn instead: the mode has a lower rank.
 */
function orthonormal(x: Matrix, rank: number): Matrix {
  const data = new Float64Array(rank * x.columns);
  data.set(x.data);
  const result = { rows: rank, columns: x.columns, data };
  const draw = seededUniform(0, 'tucker');
  for (let i = 0; i < rank; i++) {
    const own = row(result, i);
    while (!untangle(own, result, i)) for (let j = 0; j < own.length; j++) own[j] = 2 * draw() - 1;
  }
  return result;
}

/** Makes a row orthogonal to those before it, and of length 1. Returns false if nothing was left of it. */
function untangle(own: Float64Array, x: Matrix, place: number): boolean {
  for (let pass = 0; pass < 2; pass++) {
    const before = Math.sqrt(inner(own, own));
    for (let i = 0; i < place; i++) addTo(own, -inner(own, row(x, i)), row(x, i));
    const after = Math.sqrt(inner(own, own));
    // A Gram matrix leaves eight digits of a singular value.
    if (!(after > 1e-8 * before)) return false;
    for (let j = 0; j < own.length; j++) own[j]! /= after;
  }
  return true;
}

function product(a: Matrix, b: Matrix): Matrix {
  const data = new Float64Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++) {
    const out = data.subarray(i * b.columns, (i + 1) * b.columns);
    for (let k = 0; k < a.columns; k++) addTo(out, a.data[i * a.columns + k]!, row(b, k));
  }
  return { rows: a.rows, columns: b.columns, data };
}

const transposed = ({ rows, columns, data }: Matrix): Matrix =>
  unfold(columns, rows, (i, j) => data[j * columns + i]!);
const row = ({ columns, data }: Matrix, index: number): Float64Array =>
  data.subarray(index * columns, (index + 1) * columns);

function addTo(target: Float64Array, factor: number, values: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * values[i]!;
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
