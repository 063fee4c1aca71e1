/** The stretches of an epoch's rows that are in memory one after the other. */
export interface Windows {
  readonly count: number;
  /** The rows that the largest of them has. */
  readonly most: number;
  /** Returns the number of the window that has the row at `position` of an epoch. */
  at(position: number): number;
  start(window: number): number;
  /** The position after the window's last row. */
  end(window: number): number;
}

/**
 * Cuts the rows of an epoch into windows of `window` rows, rounded up to whole batches, so that batches are the same
 * as those of rows in memory. What is left, if it is no whole batch, is part of the last window.
 */
export function windowsOf(rows: number, window: number, batchSize: number): Windows {
  const size = Math.max(1, Math.ceil(window / batchSize)) * batchSize;
  const left = rows % size;
  const whole = Math.floor(rows / size);
  const count = Math.max(1, left >= batchSize ? whole + 1 : whole);
  const end = (number: number): number => (number >= count - 1 ? rows : (number + 1) * size);
  return {
    count,
    most: Math.max(rows - (count - 1) * size, count > 1 ? size : 0),
    at: (position) => Math.min(count - 1, Math.floor(position / size)),
    start: (number) => number * size,
    end,
  };
}

/** Rows of a file that follow each other. */
export interface Stretch {
  readonly first: number;
  readonly count: number;
}

/**
 * Returns where the rows at [from, to) of an epoch lie in the file. `blocks`: the order of its blocks, each of
 * `blockRows` rows but the last one of the file.
 */
export function stretchesOf(
  blocks: Uint32Array,
  { rows, blockRows }: { readonly rows: number; readonly blockRows: number },
  from: number,
  to: number,
): Stretch[] {
  const stretches: Stretch[] = [];
  let start = 0;
  for (const block of blocks) {
    if (start >= to) break;
    const first = block * blockRows;
    const has = Math.min(blockRows, rows - first);
    const [low, high] = [Math.max(from, start), Math.min(to, start + has)];
    if (low < high) stretches.push({ first: first + low - start, count: high - low });
    start += has;
  }
  return stretches;
}
