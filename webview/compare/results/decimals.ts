/**
 * Of values in a column, so that each has the same number of them, and the smallest error its first digit.
 */
export function decimalsOf(values: readonly (number | null)[], errors: readonly (number | null)[]): number {
  const size = Math.max(0, ...values.map((value) => Math.abs(value ?? 0)));
  const usual = Math.max(0, 4 - Math.max(0, Math.floor(Math.log10(size || 1))));
  const smallest = Math.min(...errors.flatMap((error) => (error === null || error === 0 ? [] : [error])));
  const needed = Number.isFinite(smallest) ? Math.ceil(-Math.log10(smallest)) : 0;
  return Math.min(mostDecimals, Math.max(usual, needed));
}

const mostDecimals = 6;
