import type { TableData } from '../../../src/shared/figures/table-data.js';
import type { Axis } from './curves.js';

/** A column of the table: what a line shows at each of its places. */
export interface TableLine {
  readonly name: string;
  readonly x: readonly number[];
  readonly values: readonly (number | null)[];
}

/** Returns a table with a row for every place where some line has a point, and a column for every line. */
export function linesTable(axis: Axis, lines: readonly TableLine[]): TableData {
  const places = [...new Set(lines.flatMap(({ x }) => [...x]))].sort((a, b) => a - b);
  const lookups = lines.map(
    ({ x, values }) => new Map(x.map((place, index) => [place, values[index] ?? null])),
  );
  return {
    columns: [axis, ...lines.map(({ name }) => name)],
    rows: places.map((place) => [place, ...lookups.map((lookup) => lookup.get(place) ?? null)]),
  };
}
