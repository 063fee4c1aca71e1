import type { Synthetic } from '../../experiment/schema.js';
import { normalSource } from './random-sources.js';

/** The rows of the paper's synthetic data. */
export interface SyntheticRows {
  readonly rows: number;
  /** [dimensions][rows]. */
  readonly inputs: readonly Float64Array[];
  /** [tasks][rows]. */
  readonly labels: readonly Float64Array[];
}

/**
 * The synthetic regression data of Ma et al., KDD 2018, section 3.2:
 *
 *     y_k = w_kᵀx + Σ_i sin(α_i w_kᵀx + β_i) + ε_k,   x ~ N(0, I),   ε_k ~ N(0, noise²)
 *
 * Two tasks: w_1 = c·u_1, w_2 = c·(p·u_1 + √(1 − p²)·u_2) with orthogonal unit vectors u (equation 2). More
 * tasks: w = c·L·u with L·Lᵀ the matrix that is 1 on its diagonal and p elsewhere, so that the cosine of any
 * two is p; for two tasks that is equation 2 again. Seeded: the same settings give the same rows.
 */
export function generateSynthetic(settings: Synthetic): SyntheticRows {
  const { rows, dimensions, terms, scale, noise, sines } = settings;
  const normal = normalSource(settings.seed);
  const weights = taskWeights(settings, normal);
  const alpha =
    sines === 'fixed' ? range(terms, (i) => i + 1) : sines === 'random' ? range(terms, normal) : sines.alpha;
  const beta =
    sines === 'fixed' ? range(terms, (i) => i * i) : sines === 'random' ? range(terms, normal) : sines.beta;
  const inputs = range(dimensions, () => new Float64Array(rows));
  const labels = range(settings.tasks, () => new Float64Array(rows));
  const x = new Float64Array(dimensions);
  const products = new Float64Array(settings.tasks);
  for (let row = 0; row < rows; row++) {
    for (let d = 0; d < dimensions; d++) x[d] = inputs[d]![row] = normal();
    dots(weights, x, products);
    for (const [task, label] of labels.entries()) {
      const projection = products[task]! * scale;
      let value = projection;
      for (let i = 0; i < terms; i++) value += Math.sin(alpha[i]! * projection + beta[i]!);
      label[row] = value + noise * normal();
    }
  }
  return { rows, inputs, labels };
}

/** Returns unit vectors [tasks][dimensions]; the cosine of the angle between any two is the correlation. */
function taskWeights({ tasks, dimensions, correlation }: Synthetic, normal: () => number): Float64Array[] {
  const { below, diagonal } = choleskyOfEqual(tasks, correlation);
  // What all later tasks share of the unit vectors so far.
  const shared = new Float64Array(dimensions);
  return orthonormal(tasks, dimensions, normal).map((unit, task) => {
    const weights = shared.slice();
    addTo(weights, diagonal[task]!, unit);
    addTo(shared, below[task]!, unit);
    return weights;
  });
}

/** Draws orthogonal unit vectors (Gram-Schmidt, twice for accuracy). */
function orthonormal(count: number, dimensions: number, normal: () => number): Float64Array[] {
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length: dimensions }, normal);
    for (let pass = 0; pass < 2; pass++) for (const other of basis) addTo(vector, -dot(vector, other), other);
    const length = Math.sqrt(dot(vector, vector));
    basis.push(vector.map((value) => value / length));
  }
  return basis;
}

/**
 * Returns the lower triangular L for which L·Lᵀ is 1 on the diagonal and p elsewhere: what is on its diagonal,
 * and in each column below, where all values are the same.
 */
function choleskyOfEqual(size: number, p: number): { below: Float64Array; diagonal: Float64Array } {
  const below = new Float64Array(size);
  const diagonal = new Float64Array(size);
  let [rest, restOfDiagonal] = [p, 1];
  for (let j = 0; j < size; j++) {
    diagonal[j] = Math.sqrt(Math.max(0, restOfDiagonal));
    below[j] = diagonal[j]! > 1e-12 ? rest / diagonal[j]! : 0;
    rest -= below[j]! * below[j]!;
    restOfDiagonal -= below[j]! * below[j]!;
  }
  return { below, diagonal };
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i]! * other[i]!;
  return sum;
}

/**
 * Writes the product of each vector with another. Four are summed at a time, each in its own order, as by `dot`:
 * a sum waits for the one before, and a processor has time for others meanwhile.
 */
function dots(vectors: readonly Float64Array[], other: Float64Array, products: Float64Array): void {
  const whole = vectors.length - (vectors.length % 4);
  for (let at = 0; at < whole; at += 4) {
    const [a, b, c, d] = [vectors[at]!, vectors[at + 1]!, vectors[at + 2]!, vectors[at + 3]!];
    let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0];
    for (let i = 0; i < other.length; i++) {
      const value = other[i]!;
      sumA += a[i]! * value;
      sumB += b[i]! * value;
      sumC += c[i]! * value;
      sumD += d[i]! * value;
    }
    products.set([sumA, sumB, sumC, sumD], at);
  }
  for (let at = whole; at < vectors.length; at++) products[at] = dot(vectors[at]!, other);
}

/** Adds a multiple of a vector to `to`. */
function addTo(to: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * vector[i]!;
}

const range = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => make(index));
