import type { NetworkDescription } from '../network/description.js';

/**
 * The most rows of a last batch that joins the one before it. Measured on a linear label of 257 rows with
 * batches of about 256, 128, 64 and 32 (three seeds, validation R², .996 without a remainder): a remainder of
 * one row gives .66 to .99, of 2 to 5 rows .96 to .997, of 8 rows .988 to .994, of 16 and more .995 and more.
 */
const FEW_ROWS = 15;

/** How the rows of an epoch are cut into batches. */
export interface Batches {
  /** The number of batches of an epoch. */
  readonly count: number;
  /** Returns where the batch ends that begins at `position` of an epoch's order. */
  end(position: number): number;
}

/**
 * Cuts an epoch into batches of `batchSize` rows; the last one has what is left. With batch normalization, a
 * last batch of few rows (at most 15, and less than a quarter of a batch) is part of the batch before it: its
 * own mean and variance say nothing of the data (with one row every unit is 0 and the variance, too), and
 * would move the running ones, by which the network is evaluated, as far as those of a whole batch do.
 */
export function batchesOf(rows: number, batchSize: number, description: NetworkDescription): Batches {
  const few = normalizesBatches(description)
    ? Math.max(1, Math.min(FEW_ROWS, Math.ceil(batchSize / 4) - 1))
    : 0;
  const left = rows % batchSize;
  const joins = left <= few && rows > batchSize;
  return {
    count: joins ? Math.floor(rows / batchSize) : Math.ceil(rows / batchSize),
    end(position) {
      const end = position + batchSize;
      return end >= rows || (joins && end + left === rows) ? rows : end;
    },
  };
}

const normalizesBatches = ({ levels, tasks }: NetworkDescription): boolean =>
  [...levels.flatMap(({ experts }) => experts), ...tasks.map(({ tower }) => tower)].some(
    ({ normalization, layers }) => normalization === 'batch' && layers.length > 0,
  );
