/**
 * Returns the eigenvalues and eigenvectors of a symmetric matrix [n, n], the largest eigenvalue first; row k
 * of `vectors` is the k-th eigenvector, of length 1. The method is Householder's reduction to a tridiagonal
 * matrix, then the QL iteration with Wilkinson's shift (Golub & Van Loan, Matrix Computations, sections 8.3.1
 * and 8.3.3); about 6 n³ operations, in double precision.
 */
export function eigenvectors(
  matrix: Float64Array,
  n: number,
): { values: Float64Array; vectors: Float64Array } {
  const { diagonal, below, vectors } = tridiagonal(Float64Array.from(matrix), n);
  diagonalise(diagonal, below, vectors, n);
  const order = Array.from(diagonal.keys()).sort(
    (one, other) => diagonal[other]! - diagonal[one]! || one - other,
  );
  const sorted = new Float64Array(n * n);
  order.forEach((from, to) => sorted.set(vectors.subarray(from * n, (from + 1) * n), to * n));
  return { values: Float64Array.from(order, (k) => diagonal[k]!), vectors: sorted };
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** Entry k stands between rows k and k + 1; the last is 0. */
  readonly below: Float64Array;
  /** Row k is the k-th basis vector that the tridiagonal matrix is written in. */
  readonly vectors: Float64Array;
}

/** Writes a matrix as A = Qᵀ T Q, where T is tridiagonal and Q has `vectors` as rows; `a` is overwritten. */
function tridiagonal(a: Float64Array, n: number): Tridiagonal {
  const vectors = new Float64Array(n * n);
  for (let k = 0; k < n; k++) vectors[k * n + k] = 1;
  const below = new Float64Array(n);
  const mirrors: Float64Array[] = [];
  for (let k = 0; k < n - 2; k++) {
    // The mirror I − 2 v vᵀ takes row k, right of its diagonal, to a multiple of its first unit vector.
    const v = new Float64Array(n);
    for (let i = k + 1; i < n; i++) v[i] = a[k * n + i]!;
    const length = Math.sqrt(dot(v, v, k + 1, n));
    below[k] = v[k + 1]! > 0 ? -length : length;
    v[k + 1]! -= below[k]!;
    const norm = Math.sqrt(dot(v, v, k + 1, n));
    mirrors.push(v);
    if (norm === 0) continue;
    for (let i = k + 1; i < n; i++) v[i]! /= norm;
    const w = new Float64Array(n);
    for (let i = k + 1; i < n; i++) w[i] = dot(a.subarray(i * n, (i + 1) * n), v, k + 1, n);
    const along = dot(v, w, k + 1, n);
    for (let i = k + 1; i < n; i++) w[i]! -= along * v[i]!;
    for (let i = k + 1; i < n; i++) {
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= 2 * (v[i]! * w[j]! + w[i]! * v[j]!);
    }
  }
  if (n > 1) below[n - 2] = a[(n - 2) * n + n - 1]!;
  // The last mirror acts first on the unit vectors, so that only their tails are touched.
  for (let k = n - 3; k >= 0; k--) {
    const v = mirrors[k]!;
    for (let row = k + 1; row < n; row++) {
      const one = vectors.subarray(row * n, (row + 1) * n);
      const twice = 2 * dot(one, v, k + 1, n);
      for (let i = k + 1; i < n; i++) one[i]! -= twice * v[i]!;
    }
  }
  return { diagonal: Float64Array.from({ length: n }, (_, k) => a[k * n + k]!), below, vectors };
}

/**
 * Turns the diagonal into the eigenvalues and the rows of `vectors` into their vectors, by rotations of
 * neighbours.
 */
function diagonalise(diagonal: Float64Array, below: Float64Array, vectors: Float64Array, n: number): void {
  for (let first = 0; first < n; first++) {
    for (let turns = 0; ; turns++) {
      let last = first;
      while (last < n - 1 && !negligible(below[last]!, diagonal[last]!, diagonal[last + 1]!)) last++;
      if (last === first) break;
      // Three turns for each value are usual; with NaN in the matrix they would never end.
      if (turns === 100)
        throw new RangeError(
          'the eigenvalues of this matrix cannot be found: it has a number that is not finite',
        );
      const half = (diagonal[first + 1]! - diagonal[first]!) / 2;
      const b = below[first]!;
      const root = Math.sqrt(half * half + b * b);
      // The shift is the eigenvalue of the upper 2 × 2 block that is nearer to its first entry.
      const shift = diagonal[first]! - (b * b) / (half + (half < 0 ? -root : root));
      rotateUp(diagonal, below, vectors, { first, last, shift, n });
    }
  }
}

const negligible = (off: number, one: number, other: number) =>
  Math.abs(off) <= Number.EPSILON * (Math.abs(one) + Math.abs(other));

/**
 * Does one implicit QL sweep over first … last: a rotation of the last two rows and columns, then others that
 * chase the bulge up.
 */
function rotateUp(
  d: Float64Array,
  e: Float64Array,
  vectors: Float64Array,
  { first, last, shift, n }: { first: number; last: number; shift: number; n: number },
): void {
  let x = d[last]! - shift;
  let bulge = e[last - 1]!;
  for (let k = last - 1; k >= first; k--) {
    const length = Math.sqrt(x * x + bulge * bulge);
    const c = length === 0 ? 1 : x / length;
    const s = length === 0 ? 0 : bulge / length;
    if (k < last - 1) e[k + 1] = length;
    // The rotation [c s; −s c] acts on the rows and columns k + 1 and k of the symmetric matrix.
    const [low, high, off] = [d[k]!, d[k + 1]!, e[k]!];
    d[k + 1] = c * c * high + 2 * c * s * off + s * s * low;
    d[k] = s * s * high - 2 * c * s * off + c * c * low;
    e[k] = c * s * (low - high) + (c * c - s * s) * off;
    for (let i = 0; i < n; i++) {
      const [above, under] = [vectors[k * n + i]!, vectors[(k + 1) * n + i]!];
      vectors[(k + 1) * n + i] = c * under + s * above;
      vectors[k * n + i] = c * above - s * under;
    }
    if (k === first) break;
    x = e[k]!;
    bulge = s * e[k - 1]!;
    e[k - 1]! *= c;
  }
}

function dot(a: Float64Array, b: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += a[i]! * b[i]!;
  return sum;
}
