/** Returns the values of blocks, one after the other, in one array of the same type; of none: an empty one. */
export function joined<T extends Float32Array | Float64Array>(
  parts: readonly T[],
  Values: new (length: number) => T,
): T {
  const whole = new Values(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
