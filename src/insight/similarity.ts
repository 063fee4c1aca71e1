/**
 * Measures how alike two experts' outputs X, Y [rows, width] are: linear CKA (Kornblith et al., ICML 2019,
 * section 3),
 *
 *     HSIC(K, L) / √(HSIC(K, K) · HSIC(L, L)),   K = X Xᵀ, L = Y Yᵀ,
 *
 * with the unbiased estimator of HSIC (Song et al., JMLR 2012, equation 5), which does not call everything
 * alike when there are few rows for many units. 1: equal up to rotation, scale and shift; 0: unrelated. About
 * 512 rows do.
 */
export const similarityRowLimit = 512;
const fewestRows = 128;
/** Multiplications spent on all pairs of a level, some 10 ms. */
const budget = 12e6;

/** Multiplications by unit products XᵀY, and by row products X Xᵀ. */
const unitCost = (rows: number, experts: number, width: number): number =>
  (rows * (experts * width) ** 2) / 2;
const rowCost = (rows: number, experts: number, width: number): number =>
  (rows ** 2 / 2) * (experts * width + experts ** 2 / 2);
const cost = (rows: number, experts: number, width: number): number =>
  Math.min(unitCost(rows, experts, width), rowCost(rows, experts, width));

/** Returns the number of rows to compare `experts` experts on. */
export function similarityRows(available: number, experts: number, width: number): number {
  let rows = similarityRowLimit;
  while (rows > fewestRows && cost(rows, experts, width) > budget) rows /= 2;
  return Math.min(rows, available);
}

/**
 * `outputs` [rows, experts, width] to [experts, experts]: 0 … 1, NaN where an expert's outputs do not vary,
 * or with fewer than four rows.
 */
export function expertSimilarity(
  outputs: Float32Array,
  rows: number,
  experts: number,
  width: number,
): Float64Array {
  const similarity = new Float64Array(experts * experts).fill(NaN);
  if (rows < 4) return similarity;
  const units = centredUnits(outputs, rows, experts * width);
  const norms = squaredNorms(units, rows, experts, width);
  const totals = norms.map((values) => values.reduce((total, value) => total + value, 0));
  const traces =
    unitCost(rows, experts, width) <= rowCost(rows, experts, width)
      ? tracesByUnits(units, norms, rows, experts, width)
      : tracesByRows(units, rows, experts, width);
  // Centred rows sum to 0, so a row sum of K without its diagonal is −K_rr.
  const hsic = (i: number, j: number): number =>
    traces[i * experts + j]! +
    (totals[i]! * totals[j]!) / ((rows - 1) * (rows - 2)) -
    (2 / (rows - 2)) * dot(norms[i]!, norms[j]!, 0, 0, rows);
  // Relative to the trace: below it only rounding is left.
  const own = Array.from({ length: experts }, (_, i) => {
    const value = hsic(i, i);
    return value > 1e-12 * Math.abs(traces[i * experts + i]!) ? Math.sqrt(value) : NaN;
  });
  for (let i = 0; i < experts; i++) {
    for (let j = 0; j <= i; j++) {
      const value = Math.min(1, Math.max(0, hsic(i, j) / (own[i]! * own[j]!)));
      similarity[i * experts + j] = value;
      similarity[j * experts + i] = value;
    }
  }
  return similarity;
}

/** Kept between calls, of which there is one per level and epoch. */
let scratch = new Float64Array(0);

/** [units, rows], each unit's mean over the rows taken off; good until the next call. */
function centredUnits(outputs: Float32Array, rows: number, units: number): Float64Array {
  if (scratch.length < units * rows) scratch = new Float64Array(units * rows);
  const centred = scratch.subarray(0, units * rows);
  for (let unit = 0; unit < units; unit++) {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += outputs[row * units + unit]!;
    const mean = sum / rows;
    for (let row = 0; row < rows; row++) centred[unit * rows + row] = outputs[row * units + unit]! - mean;
  }
  return centred;
}

/** Per expert [rows]: K_rr = |x_r|². */
function squaredNorms(units: Float64Array, rows: number, experts: number, width: number): Float64Array[] {
  return Array.from({ length: experts }, (_, expert) => {
    const norms = new Float64Array(rows);
    for (let unit = expert * width; unit < (expert + 1) * width; unit++) {
      for (let row = 0; row < rows; row++) norms[row]! += units[unit * rows + row]! ** 2;
    }
    return norms;
  });
}

/**
 * Σ_{r ≠ s} K_rs L_rs = ‖XᵀY‖² − Σ_r K_rr L_rr, for all pairs [experts, experts]; the half j ≤ i is filled.
 */
function tracesByUnits(
  units: Float64Array,
  norms: readonly Float64Array[],
  rows: number,
  experts: number,
  width: number,
): Float64Array {
  const traces = new Float64Array(experts * experts);
  for (let i = 0; i < experts; i++) {
    for (let j = 0; j <= i; j++) {
      let squares = 0;
      for (let a = i * width; a < (i + 1) * width; a++) {
        let b = j * width;
        for (; b + 4 <= (j + 1) * width; b += 4) squares += squaredDots(units, a * rows, b * rows, rows);
        for (; b < (j + 1) * width; b++) squares += dot(units, units, a * rows, b * rows, rows) ** 2;
      }
      traces[i * experts + j] = squares - dot(norms[i]!, norms[j]!, 0, 0, rows);
    }
  }
  return traces;
}

/** The same from the halves r < s of K and L, which is less work where there are many units. */
function tracesByRows(units: Float64Array, rows: number, experts: number, width: number): Float64Array {
  const pairs = (rows * (rows - 1)) / 2;
  const grams = Array.from({ length: experts }, (_, expert) => {
    const gram = new Float64Array(pairs);
    for (let unit = expert * width; unit < (expert + 1) * width; unit++) {
      const base = unit * rows;
      let pair = 0;
      for (let r = 1; r < rows; r++) {
        const value = units[base + r]!;
        for (let s = 0; s < r; s++) gram[pair++]! += value * units[base + s]!;
      }
    }
    return gram;
  });
  const traces = new Float64Array(experts * experts);
  for (let i = 0; i < experts; i++) {
    for (let j = 0; j <= i; j++) traces[i * experts + j] = 2 * dot(grams[i]!, grams[j]!, 0, 0, pairs);
  }
  return traces;
}

/**
 * Σ of the squared products of one unit with four that follow each other: a value that is fetched serves all
 * four.
 */
function squaredDots(units: Float64Array, one: number, four: number, rows: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let row = 0, at = four; row < rows; row++, at++) {
    const value = units[one + row]!;
    first += value * units[at]!;
    second += value * units[at + rows]!;
    third += value * units[at + 2 * rows]!;
    fourth += value * units[at + 3 * rows]!;
  }
  return first * first + second * second + third * third + fourth * fourth;
}

function dot(a: Float64Array, b: Float64Array, aStart: number, bStart: number, length: number): number {
  let first = 0;
  let second = 0;
  // Two sums, as one would wait for itself.
  const even = length - (length % 2);
  for (let i = 0; i < even; i += 2) {
    first += a[aStart + i]! * b[bStart + i]!;
    second += a[aStart + i + 1]! * b[bStart + i + 1]!;
  }
  if (even < length) first += a[aStart + even]! * b[bStart + even]!;
  return first + second;
}
