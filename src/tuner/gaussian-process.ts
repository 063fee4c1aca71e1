import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { meanOf, standardDeviation } from '../shared/statistics/statistics.js';
import { minimise, type Evaluated } from './minimise.js';

/** What a process knows a point by: a number for each dimension, or, of a choice, which it is. */
export type Features = Float64Array;

/** What the covariance of two points depends on, as logarithms: a length for each dimension, and two variances. */
export interface Hyperparameters {
  readonly lengths: Float64Array;
  readonly signal: number;
  readonly noise: number;
}

/** What is believed of the function at a point, without the noise of an observation. */
export interface Belief {
  readonly mean: number;
  readonly sd: number;
}

/** Normal priors of the logarithms: lengths in units of the dimension, variances in units of the values' variance. */
const priors = {
  /** Many dimensions are far from each other: the median grows with the root of their number. */
  length: (dimensions: number) => ({ mean: Math.log(0.5) + Math.log(dimensions) / 2, sd: 1 }),
  signal: { mean: 0, sd: 1 },
  /** Metrics of trainings are noisy, and functions in general need not be. */
  noise: { mean: Math.log(1e-3), sd: 2 },
};

/** Keeps covariances invertible, in units of the values' variance. */
const jitter = 1e-8;

const root5 = Math.sqrt(5);

/** Returns the squared distance of two points in a dimension: between choices it is 1, or 0 if they are the same. */
const squared = (one: number, other: number, isChoice: boolean): number =>
  isChoice ? Number(one !== other) : (one - other) ** 2;

/**
 * A Gaussian process over values with noise: its covariance is the Matérn kernel of smoothness 5/2 over distances that
 * have a length for each dimension (automatic relevance determination; Rasmussen and Williams 2006, sections 4.2 and
 * 5.1). Values are taken in units of their own mean and standard deviation; beliefs are in the units of the values.
 */
export class GaussianProcess {
  private readonly weights: Float64Array;
  private readonly inverse: readonly Float64Array[];
  private readonly inverseLengths: Float64Array;

  private constructor(
    private readonly points: readonly Features[],
    private readonly values: readonly number[],
    private readonly isChoice: readonly boolean[],
    readonly hyperparameters: Hyperparameters,
    private readonly unit: { readonly mean: number; readonly sd: number },
    /** How many of the values, from the first, have noise. */
    private readonly noisy = points.length,
  ) {
    const standard = Float64Array.from(values, (value) => (value - unit.mean) / unit.sd);
    const { weights, inverse } = solve(points, standard, isChoice, hyperparameters, noisy);
    this.weights = weights;
    this.inverse = inverse;
    this.inverseLengths = hyperparameters.lengths.map((length) => Math.exp(-2 * length));
  }

  /** Fits a process to at least one value: the most probable hyperparameters, given the values and the priors. */
  static fit(
    points: readonly Features[],
    values: readonly number[],
    isChoice: readonly boolean[],
  ): GaussianProcess {
    const sd = standardDeviation(values) ?? 0;
    const unit = { mean: meanOf(values), sd: sd > 0 ? sd : 1 };
    const standard = Float64Array.from(values, (value) => (value - unit.mean) / unit.sd);
    const evaluate = logPosterior(points, standard, isChoice);
    const dimensions = isChoice.length;
    // Smooth, and rough: the likelihood may have a peak for each way to explain the values.
    const starts = [0, -1.2].map((more) => {
      const { mean } = priors.length(dimensions);
      return Float64Array.from([
        ...Array.from(isChoice, () => mean + more),
        priors.signal.mean,
        priors.noise.mean,
      ]);
    });
    // Many values leave little room, and take long.
    const steps = values.length > 100 ? 25 : 60;
    const found = starts.map((start) => minimise(evaluate, start, steps));
    const best = found.reduce((one, other) => (other.value < one.value ? other : one));
    return new GaussianProcess(points, values, isChoice, hyperparametersOf(best.at), unit);
  }

  /** The same process, given more values, which have no noise: its hyperparameters stay. */
  given(points: readonly Features[], values: readonly number[]): GaussianProcess {
    const all = [...this.points, ...points];
    return new GaussianProcess(
      all,
      [...this.values, ...values],
      this.isChoice,
      this.hyperparameters,
      this.unit,
      this.noisy,
    );
  }

  at(point: Features): Belief {
    const { inverse, unit } = this;
    const signal = Math.exp(this.hyperparameters.signal);
    const covariances = this.covariancesAt(point);
    const count = covariances.length;
    let explained = 0;
    for (let i = 0; i < count; i++) {
      const row = inverse[i]!;
      let sum = 0;
      for (let j = 0; j < i; j++) sum += row[j]! * covariances[j]!;
      explained += covariances[i]! * (2 * sum + row[i]! * covariances[i]!);
    }
    const variance = Math.max(signal - explained, 1e-12);
    return { mean: this.meanBy(covariances), sd: unit.sd * Math.sqrt(variance) };
  }

  /** Returns the mean alone, which takes far less time than a belief. */
  mean(point: Features): number {
    return this.meanBy(this.covariancesAt(point));
  }

  /**
   * Returns, for each value, what is believed of it by all the others, its noise included (Rasmussen and Williams 2006,
   * equation 5.12).
   */
  leftOut(): (Belief & { readonly value: number })[] {
    const { values, weights, inverse, unit } = this;
    return values.map((value, i) => {
      const own = inverse[i]![i]!;
      return { value, mean: value - (unit.sd * weights[i]!) / own, sd: unit.sd / Math.sqrt(own) };
    });
  }

  private covariancesAt(point: Features): Float64Array {
    const { points, isChoice, inverseLengths } = this;
    const signal = Math.exp(this.hyperparameters.signal);
    return Float64Array.from(points, (other) => {
      let distance = 0;
      for (let d = 0; d < point.length; d++)
        distance += squared(point[d]!, other[d]!, isChoice[d]!) * inverseLengths[d]!;
      return signal * matern(Math.sqrt(distance));
    });
  }

  private meanBy(covariances: Float64Array): number {
    const { weights, unit } = this;
    let mean = 0;
    for (let i = 0; i < covariances.length; i++) mean += covariances[i]! * weights[i]!;
    return unit.mean + unit.sd * mean;
  }
}

/** The kernel at a scaled distance, in units of the signal's variance. */
const matern = (distance: number): number =>
  (1 + root5 * distance + (5 / 3) * distance ** 2) * Math.exp(-root5 * distance);

const hyperparametersOf = (at: Float64Array): Hyperparameters => ({
  lengths: at.subarray(0, -2),
  signal: at.at(-2)!,
  noise: at.at(-1)!,
});

/** Returns the covariance of values at points, with the noise of those that have some. */
function covarianceOf(
  points: readonly Features[],
  isChoice: readonly boolean[],
  { lengths, signal, noise }: Hyperparameters,
  noisy: number,
): Matrix {
  const inverse = lengths.map((length) => Math.exp(-2 * length));
  const count = points.length;
  const covariance = Matrix.zeros(count, count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      let distance = 0;
      for (let d = 0; d < inverse.length; d++)
        distance += squared(points[i]![d]!, points[j]![d]!, isChoice[d]!) * inverse[d]!;
      const own = i === j ? (i < noisy ? Math.exp(noise) : 0) + jitter : 0;
      const value = Math.exp(signal) * matern(Math.sqrt(distance)) + own;
      covariance.set(i, j, value);
      covariance.set(j, i, value);
    }
  }
  return covariance;
}

/** Returns the inverse of the covariance, and its product with the values. */
function solve(
  points: readonly Features[],
  values: Float64Array,
  isChoice: readonly boolean[],
  hyperparameters: Hyperparameters,
  noisy = points.length,
): { weights: Float64Array; inverse: Float64Array[]; logDeterminant: number } {
  const covariance = covarianceOf(points, isChoice, hyperparameters, noisy);
  const factor = new CholeskyDecomposition(covariance);
  const lower = factor.lowerTriangularMatrix;
  if (!factor.isPositiveDefinite()) throw new RangeError('the covariance is not positive definite');
  const inverse = inverseOf(lower);
  let logDeterminant = 0;
  for (let i = 0; i < points.length; i++) logDeterminant += 2 * Math.log(lower.get(i, i));
  const weights = Float64Array.from(inverse, (row) => row.reduce((sum, one, j) => sum + one * values[j]!, 0));
  return { weights, inverse, logDeterminant };
}

/** Returns the inverse of a matrix by its lower triangular factor. ml-matrix's own solves for a whole unit matrix. */
function inverseOf(lower: Matrix): Float64Array[] {
  const count = lower.rows;
  const rows = lower.to2DArray();
  // The columns of the factor's inverse: above the diagonal they are 0.
  const columns = rows.map((_, j) => {
    const column = new Float64Array(count);
    for (let i = j; i < count; i++) {
      const row = rows[i]!;
      let sum = i === j ? 1 : 0;
      for (let k = j; k < i; k++) sum -= row[k]! * column[k]!;
      column[i] = sum / row[i]!;
    }
    return column;
  });
  const inverse = columns.map(() => new Float64Array(count));
  for (let i = 0; i < count; i++)
    for (let j = 0; j <= i; j++) {
      const [one, other] = [columns[i]!, columns[j]!];
      let sum = 0;
      for (let k = i; k < count; k++) sum += one[k]! * other[k]!;
      inverse[i]![j] = sum;
      inverse[j]![i] = sum;
    }
  return inverse;
}

/**
 * Returns minus the logarithm of the marginal likelihood of values in their own units times the priors, up to a
 * constant, with its gradient by the logarithms of lengths, signal and noise (Rasmussen and Williams 2006, equations
 * 5.8 and 5.9). Infinite where the covariance cannot be inverted.
 */
export function logPosterior(
  points: readonly Features[],
  values: Float64Array,
  isChoice: readonly boolean[],
): (at: Float64Array) => Evaluated {
  const dimensions = isChoice.length;
  const count = points.length;
  return (at) => {
    const hyperparameters = hyperparametersOf(at);
    const gradient = new Float64Array(at.length);
    let solved;
    try {
      solved = solve(points, values, isChoice, hyperparameters);
    } catch {
      return { value: Infinity, gradient };
    }
    const { weights, inverse, logDeterminant } = solved;
    let value = logDeterminant / 2 + (count / 2) * Math.log(2 * Math.PI);
    for (let i = 0; i < count; i++) value += (values[i]! * weights[i]!) / 2;
    const signal = Math.exp(hyperparameters.signal);
    const noise = Math.exp(hyperparameters.noise);
    const inverseLengths = hyperparameters.lengths.map((length) => Math.exp(-2 * length));
    for (let i = 0; i < count; i++) {
      const own = (inverse[i]![i]! - weights[i]! ** 2) / 2;
      gradient[dimensions]! += own * signal;
      gradient[dimensions + 1]! += own * noise;
      for (let j = 0; j < i; j++) {
        // Both halves of the symmetric matrix.
        const both = inverse[i]![j]! - weights[i]! * weights[j]!;
        let distance = 0;
        for (let d = 0; d < dimensions; d++)
          distance += squared(points[i]![d]!, points[j]![d]!, isChoice[d]!) * inverseLengths[d]!;
        const scaled = Math.sqrt(distance);
        gradient[dimensions]! += both * signal * matern(scaled);
        const slope = both * signal * (5 / 3) * (1 + root5 * scaled) * Math.exp(-root5 * scaled);
        for (let d = 0; d < dimensions; d++)
          gradient[d]! += slope * squared(points[i]![d]!, points[j]![d]!, isChoice[d]!) * inverseLengths[d]!;
      }
    }
    const believed = [...Array.from(isChoice, () => priors.length(dimensions)), priors.signal, priors.noise];
    believed.forEach(({ mean, sd }, i) => {
      value += ((at[i]! - mean) / sd) ** 2 / 2;
      gradient[i]! += (at[i]! - mean) / sd ** 2;
    });
    return { value: Number.isFinite(value) ? value : Infinity, gradient };
  };
}
