import { normalChance } from '../shared/statistics/normal-chance.js';

/**
 * Returns the logarithm of φ(z) + z Φ(z), the expected improvement in units of the standard deviation: also where the
 * two terms cancel (Ament et al. 2023).
 */
export function logImprovement(z: number): number {
  if (z > -6) {
    const density = Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI);
    return Math.log(density + z * normalChance(z));
  }
  // Of z² φ(z) the asymptotic series 1 − 3/z² + 15/z⁴ − 105/z⁶ + ….
  const y = 1 / (z * z);
  const series = 1 - y * (3 - y * (15 - y * (105 - y * (945 - y * 10395))));
  return -(z * z) / 2 - Math.log(2 * Math.PI) / 2 - 2 * Math.log(-z) + Math.log(series);
}
