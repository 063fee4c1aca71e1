/**
 * Returns the exponential moving average, with weight 0 (none) … 1. It is corrected for its start at zero
 * (Kingma and Ba, 2015, section 3), so that the first values are not drawn towards zero. Nulls stay null and
 * do not count.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight <= 0) return [...values];
  let sum = 0;
  let power = 1;
  return values.map((value) => {
    if (value === null) return null;
    sum = sum * weight + (1 - weight) * value;
    power *= weight;
    return sum / (1 - power);
  });
}
