import { heldOutParts, type HeldOutPart } from '../read/table/selection.js';
import { uniformSource } from '../simulate/random-sources.js';

/** The parts of the data, each for another use of its rows. */
export const partNames = ['train', ...heldOutParts] as const;
export type PartName = (typeof partNames)[number];

/** The marks of rows, which say which part they belong to. */
export const partMarks = { train: 0, validation: 1, test: 2 } as const satisfies Record<PartName, number>;
export type Part = (typeof partMarks)[PartName];

/** A split of one table: none, a share, or the rows that a condition is true for (flag 1). */
export type PartSplit =
  | { readonly kind: 'none' }
  | { readonly kind: 'share'; readonly fraction: number }
  | { readonly kind: 'rows'; readonly flags: Uint8Array };

/**
 * Returns each row's part as a mark [rows]. Conditions come first (a row that meets both is a test row), then
 * shares are drawn from the rows that are left. They are exact to the rounding, and depend on the seed and
 * the order of the rows only.
 */
export function splitRows(
  rows: number,
  seed: number,
  splits: Readonly<Record<HeldOutPart, PartSplit>>,
): Uint8Array {
  const parts = new Uint8Array(rows);
  for (const part of heldOutParts) {
    const split = splits[part];
    if (split.kind === 'rows')
      for (let row = 0; row < rows; row++) if (split.flags[row] === 1) parts[row] = partMarks[part];
  }
  const free = indicesOf(parts, partMarks.train);
  const share = (split: PartSplit): number =>
    split.kind === 'share' ? Math.round(split.fraction * free.length) : 0;
  const testRows = share(splits.test);
  const drawn = draw(free, Math.min(free.length, testRows + share(splits.validation)), seed);
  drawn.forEach((row, i) => (parts[row] = i < testRows ? partMarks.test : partMarks.validation));
  return parts;
}

/** Draws a share of the rows, as `{"from": "test", "fraction": 0.5}` takes it from the other split. */
export const drawShare = (rows: Uint32Array, fraction: number, seed: number): Uint32Array =>
  draw(Uint32Array.from(rows), Math.round(fraction * rows.length), seed).sort();

/** Returns the rows of a part, ascending. */
export function indicesOf(parts: Uint8Array, part: Part): Uint32Array {
  let count = 0;
  for (let row = 0; row < parts.length; row++) if (parts[row] === part) count++;
  const indices = new Uint32Array(count);
  let at = 0;
  for (let row = 0; row < parts.length; row++) if (parts[row] === part) indices[at++] = row;
  return indices;
}

/** Draws `count` of the rows, the first ones in a random order (Fisher and Yates); reorders `rows`. */
function draw(rows: Uint32Array, count: number, seed: number): Uint32Array {
  const uniform = uniformSource(seed);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(uniform() * (rows.length - i));
    const taken = rows[j]!;
    rows[j] = rows[i]!;
    rows[i] = taken;
  }
  return rows.slice(0, count);
}
