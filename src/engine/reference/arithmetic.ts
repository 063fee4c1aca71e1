/** [rows, units]. */
export type RowVectors = readonly (readonly number[])[];

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Returns the mean and the biased variance. */
export function meanAndVariance(values: readonly number[]): [number, number] {
  const mean = sum(values) / values.length;
  return [mean, sum(values.map((value) => (value - mean) ** 2)) / values.length];
}

/** Returns CV²: the biased variance by the square of the mean. */
export function cvSquared(values: readonly number[]): number {
  const [mean, variance] = meanAndVariance(values);
  return variance / mean ** 2;
}

/** Returns −p log p − (1 − p) log(1 − p), in nats. */
export const binaryEntropy = (p: number) =>
  p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p);

export function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const exps = logits.map((logit) => Math.exp(logit - largest));
  const total = sum(exps);
  return exps.map((e) => e / total);
}
