/**
 * Φ(x), the chance that a draw from N(0, 1) is below x, to about 1e-15: erf's series near 0, erfc's continued
 * fraction beyond.
 */
export function normalChance(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const tail = z < 2 ? (1 - errorFunction(z)) / 2 : complement(z) / 2;
  return x < 0 ? tail : 1 - tail;
}

/** Returns the x with Φ(x) = `chance`, between 0 and 1, to about 1e-12 (by halving). */
export function normalQuantile(chance: number): number {
  let [low, high] = [-40, 40];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalChance(middle) < chance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * erf(z) = 2/√π · e^(−z²) Σ 2ⁿ z^(2n+1) / (1·3·5 … (2n+1)), all terms positive (Abramowitz & Stegun 1964,
 * 7.1.6).
 */
function errorFunction(z: number): number {
  let term = z;
  let total = z;
  for (let n = 1; term > 1e-17 * total; n++) total += term *= (2 * z * z) / (2 * n + 1);
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * total;
}

/** erfc(z) for z ≥ 2, from the end of its continued fraction (7.1.14). */
function complement(z: number): number {
  let fraction = z;
  for (let n = 60; n >= 1; n--) fraction = z + n / 2 / fraction;
  return Math.exp(-z * z) / (Math.sqrt(Math.PI) * fraction);
}
