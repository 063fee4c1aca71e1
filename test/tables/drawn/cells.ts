import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Cell, ColumnType } from '../table.js';

/** What the values of a column are like. */
export const draws = [
  'truth',
  'byte',
  'small whole',
  'large whole',
  '64 bits',
  '64 bits unsigned',
  '37 digits',
  'few whole',
  'row number',
  'ids',
  'ids that repeat',
  'share',
  'money',
  'wide real',
  'tiny real',
  'decimal',
  'long decimal',
  'date',
  'second',
  'microsecond',
  'zoned',
  'category',
  'signs',
  'digits',
  'codes',
  'many texts',
  'own text',
] as const;
export type Draw = (typeof draws)[number];

/** Which values are missing. */
export type Missing = 'none' | 'some' | 'most' | 'beginning' | 'middle' | 'all';

export interface DrawnColumn {
  readonly draw: Draw;
  readonly missing: Missing;
  /** Whether only the last rows show what the column is: a fraction, a large number, a text. */
  readonly late: boolean;
  readonly seed: number;
}

/** The share of the rows after which `late` values come; of 26,000 rows, after DuckDB's sample. */
const lateShare = 0.8;

export const typeOf = (draw: Draw): ColumnType => {
  switch (draw) {
    case 'truth':
      return { kind: 'truth' };
    case 'byte':
    case 'small whole':
    case 'large whole':
    case '64 bits':
    case '64 bits unsigned':
    case '37 digits':
    case 'few whole':
    case 'row number':
    case 'ids':
    case 'ids that repeat':
      return { kind: 'whole' };
    case 'share':
    case 'money':
    case 'wide real':
    case 'tiny real':
      return { kind: 'real' };
    case 'decimal':
      return { kind: 'decimal', width: 9, scale: 2 };
    case 'long decimal':
      return { kind: 'decimal', width: 30, scale: 10 };
    case 'date':
      return { kind: 'date' };
    case 'second':
    case 'microsecond':
      return { kind: 'moment', zone: false };
    case 'zoned':
      return { kind: 'moment', zone: true };
    case 'category':
    case 'signs':
    case 'digits':
    case 'codes':
    case 'many texts':
    case 'own text':
      return { kind: 'text' };
  }
};

/** Draws the cells of `all` rows, of which the experiment's source has the first `rows`. */
export function drawCells({ draw, missing, late, seed }: DrawnColumn, rows: number, all: number): Cell[] {
  const uniform = uniformSource(seed);
  const from = Math.floor(lateShare * rows);
  return Array.from({ length: all }, (_, row) => {
    const isLate = row >= from;
    const gap = uniform();
    const cell = late && !isLate ? plain(draw, row, uniform) : drawn(draw, row, uniform, late && isLate);
    return isMissing(missing, row, rows, from, gap) ? null : cell;
  });
}

function isMissing(missing: Missing, row: number, rows: number, late: number, gap: number): boolean {
  switch (missing) {
    case 'none':
      return false;
    case 'some':
      return gap < 0.2;
    case 'most':
      return gap < 0.9;
    case 'beginning':
      return row < late;
    case 'middle':
      return row >= Math.round(rows / 3) && row < Math.round((2 * rows) / 3);
    case 'all':
      return true;
  }
}

const categories = ['red', 'green', 'dark blue', 'Zürich', 'x y z', '日本'];
const signs = [
  'a,b',
  'a;b',
  'a|b',
  'say "no"',
  '"',
  '"quoted"',
  'two\nlines',
  'a\ttab',
  "it's",
  '# hash',
  '-- x',
  '\\',
  'a\\nb',
  '😀',
  'null',
  'NaN',
  'true',
  '1',
  '01',
  '1.0',
  '2020-01-01',
  ' padded ',
  'padded',
  '',
  '%',
  'N/A',
  '-',
  '?',
  'Ω'.repeat(300),
];

const pick = <Item>(items: readonly Item[], uniform: () => number): Item =>
  items[Math.floor(uniform() * items.length)]!;

const between = (low: bigint, high: bigint, uniform: () => number): bigint => {
  const parts = Array.from({ length: 5 }, () => BigInt(Math.floor(uniform() * 2 ** 30)));
  const wide = parts.reduce((sum, part) => (sum << 30n) + part, 0n);
  return low + (wide % (high - low + 1n));
};

/** A value as a column begins that becomes something else later. */
function plain(draw: Draw, row: number, uniform: () => number): Cell {
  const few = Math.floor(uniform() * 40);
  switch (typeOf(draw).kind) {
    case 'whole':
      return BigInt(few);
    case 'real':
      return few;
    case 'decimal':
      return BigInt(few) * 10n ** BigInt(draw === 'decimal' ? 2 : 10);
    case 'text':
      return String(few);
    case 'truth':
    case 'date':
    case 'moment':
      return drawn(draw, row, uniform, false);
  }
}

/** `fraction`: a real number has one. */
function drawn(draw: Draw, row: number, uniform: () => number, fraction: boolean): Cell {
  const real = (value: number): number => (fraction && Number.isInteger(value) ? value + 0.75 : value);
  switch (draw) {
    case 'truth':
      return uniform() < 0.4;
    case 'byte':
      return between(-100n, 100n, uniform);
    case 'small whole':
      return between(0n, 30_000n, uniform);
    case 'large whole':
      return between(-4_000_000_000n, 4_000_000_000n, uniform);
    case '64 bits':
      return between(-(2n ** 63n) + 1n, 2n ** 63n - 1n, uniform);
    case '64 bits unsigned':
      return between(0n, 2n ** 64n - 1n, uniform);
    case '37 digits':
      return between(-(10n ** 37n), 10n ** 37n, uniform);
    case 'few whole':
      return between(0n, 5n, uniform);
    case 'row number':
      return BigInt(row + 1);
    case 'ids':
      return 1_234_567_890_123_456_700n + 3n * BigInt(row);
    case 'ids that repeat':
      return 1_234_567_890_123_456_700n + between(0n, 7n, uniform);
    case 'share':
      return uniform();
    case 'money':
      return real(Math.round(uniform() * 100_000) / 100 + 0.005);
    case 'wide real':
      return (uniform() < 0.5 ? -1 : 1) * 10 ** (uniform() * 80 - 40);
    case 'tiny real':
      return real(Math.round(uniform() * 8) / 4 + 0.125);
    case 'decimal':
      return between(-9_999_999n, 9_999_999n, uniform) * 100n + 25n;
    case 'long decimal':
      return between(-(10n ** 29n), 10n ** 29n, uniform);
    case 'date':
      return between(-3000n, 25_000n, uniform);
    case 'second':
      return between(-100_000_000n, 2_000_000_000n, uniform) * 1_000_000n;
    case 'microsecond':
      return between(-100_000_000_000_000n, 2_000_000_000_000_000n, uniform);
    case 'zoned':
      return between(0n, 2_000_000_000n, uniform) * 1_000_000n;
    case 'category':
      return pick(categories, uniform);
    case 'signs':
      return pick(signs, uniform);
    case 'digits':
      return String(between(0n, 99n, uniform)).padStart(5, '0');
    case 'codes':
      return `h${String(between(0n, 20n, uniform)).padStart(4, '0')}`;
    case 'many texts':
      return `w${String(between(0n, 3000n, uniform))}`;
    case 'own text':
      return `row ${row}`;
  }
}

/** A seeded source of draws from 0 … 1. */
function uniformSource(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  for (let i = 0; i < 64; i++) generator.next();
  return () => uniformFloat64(generator);
}
