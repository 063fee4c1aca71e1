import type { Items } from '../duckdb/vector.js';

/**
 * Returns what rows are taught [rows]: (1 − weight) · label + weight · teacher, and one of them alone where the
 * other is missing (NaN). The derivatives of both losses that are taught so, cross-entropy and squared error, are
 * linear in it: the gradient is that of the two losses mixed (Hinton, Vinyals & Dean 2015, section 2, at
 * temperature 1).
 */
export function mixedWithTeacher(labels: Items, teacher: Items | null, weight: number): Items {
  if (teacher === null) return labels;
  const mixed = new Float64Array(labels.length);
  for (let row = 0; row < mixed.length; row++) {
    const [label, taught] = [labels[row]!, teacher[row]!];
    if (Number.isNaN(label)) mixed[row] = taught;
    else mixed[row] = Number.isNaN(taught) ? label : (1 - weight) * label + weight * taught;
  }
  return mixed;
}
