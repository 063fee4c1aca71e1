import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { columnOf, ownRows, type RowRange, type Split, type Table } from '../table.js';
import { holds } from './conditions.js';

/** The rows of each part, by number in the table; null: there is no such part. */
export interface Parts {
  readonly train: readonly number[];
  readonly validation: readonly number[] | null;
  readonly test: readonly number[] | null;
}

/** Gives the rows to training, validation and test, as docs/formats.md says. */
export function partsOf(table: Table): Parts {
  const own = ownRows(table);
  const weights = table.weight === null ? null : columnOf(table, table.weight).cells;
  const isWanted = (row: number): boolean =>
    (table.where === null || holds(table, table.where, row) === true) && Number(weights?.[row] ?? 1) !== 0;
  const used = range({ first: 0, rows: table.rows }).filter(isWanted);
  const isIn = (split: Split, row: number): boolean =>
    split.kind === 'where' && holds(table, split.where, row) === true;
  const free = used.filter((row) => !isIn(table.validation, row) && !isIn(table.test, row));
  const shareOf = (split: Split): number =>
    split.kind === 'share' ? Math.round(split.fraction * free.length) : 0;
  const testRows = shareOf(table.test);
  const drawn = draw(free, Math.min(free.length, testRows + shareOf(table.validation)), table.seed);
  const lot = new Map(drawn.map((row, i) => [row, i < testRows ? 'test' : 'validation']));
  const of = (part: 'validation' | 'test'): readonly number[] | null => {
    const split = table[part];
    switch (split.kind) {
      case 'none':
      case 'other':
        return null;
      case 'share':
        return used.filter((row) => lot.get(row) === part);
      case 'where':
        // A row that both conditions name is a test row.
        return used.filter((row) => isIn(split, row) && (part === 'test' || !isIn(table.test, row)));
      case 'source':
        return range(own[part]!).filter(isWanted);
    }
  };
  const train = free.filter((row) => !lot.has(row));
  const parts = { train, validation: of('validation'), test: of('test') };
  for (const [part, other] of [
    ['validation', 'test'],
    ['test', 'validation'],
  ] as const) {
    const split = table[part];
    const from = parts[other];
    if (split.kind !== 'other' || from === null) continue;
    const taken = new Set(draw(from, Math.round(split.fraction * from.length), table.seed));
    parts[part] = from.filter((row) => taken.has(row));
    parts[other] = from.filter((row) => !taken.has(row));
  }
  return parts;
}

const range = ({ first, rows }: RowRange): number[] => Array.from({ length: rows }, (_, i) => first + i);

/** Fisher and Yates' draw of `count` rows. */
function draw(rows: readonly number[], count: number, seed: number): number[] {
  const generator = xoroshiro128plus(seed);
  for (let i = 0; i < 64; i++) generator.next();
  const left = [...rows];
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(uniformFloat64(generator) * (left.length - i));
    [left[i], left[j]] = [left[j]!, left[i]!];
  }
  return left.slice(0, count);
}
