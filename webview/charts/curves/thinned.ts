/**
 * Returns the indices of the points of a line that are worth drawing: within `shown` and one beside it, in each of
 * `columns` equal columns the first, the last, the least and the largest value; all where there are few. A line
 * with gaps is drawn whole. `x` is ascending.
 */
export function thinned(
  x: readonly number[],
  values: readonly (number | null)[],
  { shown, columns }: { readonly shown: readonly [number, number]; readonly columns: number },
): number[] {
  const [low, high] = shown;
  let from = 0;
  let to = x.length;
  while (from < to && x[from]! < low) from++;
  while (to > from && x[to - 1]! > high) to--;
  [from, to] = [Math.max(0, from - 1), Math.min(x.length, to + 1)];
  const count = to - from;
  const width = (high - low) / Math.max(1, columns);
  if (count <= 4 * columns || !(width > 0) || values.includes(null))
    return Array.from({ length: count }, (_, i) => from + i);
  const kept: number[] = [];
  for (let first = from; first < to;) {
    const column = Math.floor((x[first]! - low) / width);
    let [least, most, last] = [first, first, first];
    for (let i = first + 1; i < to && Math.floor((x[i]! - low) / width) === column; i++) {
      if (values[i]! < values[least]!) least = i;
      if (values[i]! > values[most]!) most = i;
      last = i;
    }
    kept.push(...[...new Set([first, least, most, last])].sort((one, other) => one - other));
    first = last + 1;
  }
  return kept;
}
