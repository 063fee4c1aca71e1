/** Lines over training, as any page draws them. */

export type Axis = 'step' | 'epoch' | 'time';

/**
 * The part that a series has in its line: `main` is named and read, `train` is the same on train rows, and
 * `seed` is one of several runs whose mean is the main one. The key shows them in this order.
 */
export const roles = ['main', 'train', 'seed'] as const;
export type Role = (typeof roles)[number];

/** Words for each role in the key above the chart; a role without words is not shown there. */
export type CurvesKey = { readonly [role in Role]?: string };

export interface Series {
  /** Index of the line's name and colour: a task on the run page, a method or a run on the compare page. */
  readonly line: number;
  readonly role: Role;
  readonly x: readonly number[];
  readonly raw: readonly (number | null)[];
  /** The values as they are drawn; those of `raw` without smoothing. */
  readonly y: readonly (number | null)[];
}

export interface Curves {
  readonly metric: string;
  readonly axis: Axis;
  readonly series: readonly Series[];
  /** Points to mark: the best value of a line after the first epoch. */
  readonly best: readonly {
    readonly line: number;
    readonly x: number;
    readonly y: number;
    readonly epoch: number;
  }[];
  /** The end of the axis, which is the planned end of training; null: not known. */
  readonly xMax: number | null;
}

/** The values of the curves at a place, one entry for each line. */
export interface CurvesReading {
  readonly x: number;
  readonly lines: readonly {
    readonly line: number;
    readonly main: number | null;
    readonly train: number | null;
  }[];
}

/** Reads the curves at the place nearest to `x` where some line has a point; null: there is none. */
export function readCurves({ series }: Curves, x: number): CurvesReading | null {
  const read = series.filter(({ role }) => role !== 'seed');
  const places = read.map((one) => one.x[nearestIndex(one.x, x)]).filter((place) => place !== undefined);
  if (places.length === 0) return null;
  const at = places.reduce((nearest, place) =>
    Math.abs(place - x) < Math.abs(nearest - x) ? place : nearest,
  );
  const values = new Map<number, { main: number | null; train: number | null }>();
  for (const one of read) {
    const entry = values.get(one.line) ?? { main: null, train: null };
    entry[one.role === 'train' ? 'train' : 'main'] = reaches(one.x, at)
      ? (one.y[nearestIndex(one.x, at)] ?? null)
      : null;
    values.set(one.line, entry);
  }
  return { x: at, lines: [...values].map(([line, entry]) => ({ line, ...entry })) };
}

/** Returns whether a line goes that far, give or take a step of its own. */
function reaches(x: readonly number[], at: number): boolean {
  const [first, last] = [x[0] ?? 0, x.at(-1) ?? 0];
  const step = x.length > 1 ? (last - first) / (x.length - 1) : 0;
  return at >= first - step && at <= last + step;
}

/** Returns whether a value is known and neither of its neighbours is. */
export function isAlone(values: readonly (number | null)[], index: number): boolean {
  const known = (at: number): boolean => (values[at] ?? null) !== null;
  return known(index) && !known(index - 1) && !known(index + 1);
}

/** Returns the index of the value nearest to `wanted` in ascending `values`; -1 where there are none. */
export function nearestIndex(values: readonly number[], wanted: number): number {
  let low = 0;
  let high = values.length - 1;
  if (high < 0) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= wanted) low = middle;
    else high = middle;
  }
  return wanted - values[low]! <= values[high]! - wanted ? low : high;
}
