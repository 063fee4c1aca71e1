import { displayWidth } from './text-width.js';

/** A table as lines of text: the first column to the left, numbers to the right. Empty cells are a dash. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  leftColumns = 1,
): string[] {
  const cells = [header, ...rows].map((row) => header.map((_, index) => row[index] || '–'));
  const widths = header.map((_, index) => Math.max(...cells.map((row) => displayWidth(row[index]!))));
  return cells.map((row) =>
    row
      .map((cell, index) => {
        const pad = ' '.repeat(widths[index]! - displayWidth(cell));
        return index < leftColumns ? cell + pad : pad + cell;
      })
      .join('  ')
      .trimEnd(),
  );
}
