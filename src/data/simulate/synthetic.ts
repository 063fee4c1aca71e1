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
  for (let row = 0; row < rows; row++) {
    for (const column of inputs) column[row] = normal();
    for (const [task, label] of labels.entries()) {
      let projection = 0;
      for (let d = 0; d < dimensions; d++) projection += weights[task]![d]! * inputs[d]![row]!;
      projection *= scale;
      let value = projection;
      for (let i = 0; i < terms; i++) value += Math.sin(alpha[i]! * projection + beta[i]!);
      label[row] = value + noise * normal();
    }
  }
  return { rows, inputs, labels };
}

/** Returns unit vectors [tasks][dimensions]; the cosine of the angle between any two is the correlation. */
function taskWeights({ tasks, dimensions, correlation }: Synthetic, normal: () => number): number[][] {
  const basis = orthonormal(tasks, dimensions, normal);
  const mix = choleskyOfEqual(tasks, correlation);
  return mix.map((row) =>
    range(dimensions, (d) => row.reduce((sum, factor, j) => sum + factor * basis[j]![d]!, 0)),
  );
}

/** Draws orthogonal unit vectors (Gram-Schmidt, twice for accuracy). */
function orthonormal(count: number, dimensions: number, normal: () => number): number[][] {
  const basis: number[][] = [];
  while (basis.length < count) {
    const vector = range(dimensions, normal);
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis) {
        const along = dot(vector, other);
        for (let d = 0; d < dimensions; d++) vector[d]! -= along * other[d]!;
      }
    }
    const length = Math.sqrt(dot(vector, vector));
    basis.push(vector.map((value) => value / length));
  }
  return basis;
}

/** Returns the lower triangular L for which L·Lᵀ is 1 on the diagonal and p elsewhere. */
function choleskyOfEqual(size: number, p: number): number[][] {
  const lower = range(size, () => range(size, () => 0));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = i === j ? 1 : p;
      for (let k = 0; k < j; k++) rest -= lower[i]![k]! * lower[j]![k]!;
      if (i === j) lower[i]![i] = Math.sqrt(Math.max(0, rest));
      else lower[i]![j] = lower[j]![j]! > 1e-12 ? rest / lower[j]![j]! : 0;
    }
  }
  return lower;
}

const dot = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, value, i) => sum + value * other[i]!, 0);

const range = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => make(index));
