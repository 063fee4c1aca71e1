/**
 * Moves labels of height `size` apart, as little as possible, within `low` … `high`; their order stays.
 * Returns a centre for each, in the given order. Labels that do not all fit share the space evenly.
 */
export function spreadLabels(centres: readonly number[], size: number, low: number, high: number): number[] {
  const order = centres.map((_, index) => index).sort((a, b) => centres[a]! - centres[b]! || a - b);
  const distance = Math.min(size, order.length > 1 ? (high - low - size) / (order.length - 1) : size);
  const placed = order.map((index) => Math.min(Math.max(centres[index]!, low + size / 2), high - size / 2));
  for (let i = 1; i < placed.length; i++) placed[i] = Math.max(placed[i]!, placed[i - 1]! + distance);
  const last = placed.length - 1;
  if (last >= 0) placed[last] = Math.min(placed[last]!, high - size / 2);
  for (let i = last - 1; i >= 0; i--) placed[i] = Math.min(placed[i]!, placed[i + 1]! - distance);
  const result = new Array<number>(centres.length);
  order.forEach((index, at) => (result[index] = placed[at]!));
  return result;
}
