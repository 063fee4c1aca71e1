import { seededUniform } from '../network/draws/random.js';

/** A number between two others, both included. `log`: its logarithm is what is drawn evenly and modelled. */
interface Range {
  readonly kind: 'real' | 'integer';
  readonly from: number;
  readonly to: number;
  readonly scale: 'linear' | 'log';
}

/** One of some values, of which none is nearer to another. */
interface Choice {
  readonly kind: 'choice';
  readonly values: readonly unknown[];
}

/** What can be chosen in one respect. */
export type Dimension = (Range | Choice) & {
  readonly name: string;
  /** The dimension is there only where others, named before it, have one of these values. */
  readonly when?: Readonly<Record<string, readonly unknown[]>>;
};

/** All that can be chosen. */
export type Space = readonly Dimension[];

/** A choice of every dimension that is there, by its name. */
export type Point = Readonly<Record<string, unknown>>;

/** A point in units: a number from 0 to 1 for each dimension, evenly over its scale; NaN: it is not there. */
export type Position = Float64Array;

/** Digits of a real number: enough for a setting, and it stays readable. */
const digits = 4;

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Returns whether a dimension is there, given the values of those before it. */
export const isThere = ({ when = {} }: Dimension, point: Point): boolean =>
  Object.entries(when).every(
    ([name, values]) => name in point && values.some((value) => isSame(value, point[name])),
  );

/** Returns the point at a position; of a dimension that is not there, the position makes no difference. */
export function decode(space: Space, position: ArrayLike<number>): Point {
  const point: Record<string, unknown> = {};
  space.forEach((dimension, i) => {
    if (isThere(dimension, point)) point[dimension.name] = valueAt(dimension, position[i]!);
  });
  return point;
}

/** Returns the position of a point; null: it lies outside of the space. More than the space has is passed over. */
export function encode(space: Space, point: Point): Position | null {
  const position = new Float64Array(space.length).fill(NaN);
  for (const [i, dimension] of space.entries()) {
    if (!isThere(dimension, point)) continue;
    const unit = unitOf(dimension, point[dimension.name]);
    if (unit === null) return null;
    position[i] = unit;
  }
  return position;
}

function valueAt(dimension: Dimension, unit: number): unknown {
  if (dimension.kind === 'choice') {
    const { values } = dimension;
    return values[Math.min(values.length - 1, Math.floor(unit * values.length))];
  }
  const { kind, from, to, scale } = dimension;
  const [low, high] = boundsOf(dimension);
  const at = low + unit * (high - low);
  const value = scale === 'log' ? Math.exp(at) : at;
  const rounded = kind === 'integer' ? Math.round(value) : Number(value.toPrecision(digits));
  return Math.min(to, Math.max(from, rounded));
}

/** Returns where a value lies from 0 to 1; null: outside of the dimension. */
function unitOf(dimension: Dimension, value: unknown): number | null {
  if (dimension.kind === 'choice') {
    const index = dimension.values.findIndex((one) => isSame(one, value));
    return index < 0 ? null : (index + 0.5) / dimension.values.length;
  }
  const { kind, from, to, scale } = dimension;
  if (typeof value !== 'number' || !(value >= from && value <= to)) return null;
  if (kind === 'integer' && !Number.isInteger(value)) return null;
  const [low, high] = boundsOf(dimension);
  return high === low ? 0.5 : ((scale === 'log' ? Math.log(value) : value) - low) / (high - low);
}

/** The ends of a range on its scale; whole numbers have half a one more at each end, so that each is as likely. */
function boundsOf({ kind, from, to, scale }: Range): [number, number] {
  const more = kind === 'integer' ? 0.5 : 0;
  const on = (value: number): number => (scale === 'log' ? Math.log(value) : value);
  return [on(from - more), on(to + more)];
}

/** How many values a dimension has. */
const sizeOf = (dimension: Dimension): number =>
  dimension.kind === 'choice'
    ? dimension.values.length
    : dimension.from === dimension.to
      ? 1
      : dimension.kind === 'integer'
        ? dimension.to - dimension.from + 1
        : Infinity;

/** Returns every point of a space; null: there are more than so many. */
export function allPoints(space: Space, most: number): Point[] | null {
  let points: Point[] = [{}];
  for (const dimension of space) {
    const size = sizeOf(dimension);
    const next: Point[] = [];
    for (const point of points) {
      if (!isThere(dimension, point)) next.push(point);
      else if (next.length + size > most) return null;
      else
        for (let i = 0; i < size; i++) {
          const value =
            dimension.kind === 'choice'
              ? dimension.values[i]
              : dimension.kind === 'integer'
                ? dimension.from + i
                : dimension.from;
          next.push({ ...point, [dimension.name]: value });
        }
    }
    if (next.length > most) return null;
    points = next;
  }
  return points;
}

/**
 * Returns positions that fill the unit cube more evenly than chance does: the additive recurrence of the generalised
 * golden ratio (Roberts 2018), from a seeded start.
 */
export function evenPositions(dimensions: number, seed: number, name: string): (index: number) => Position {
  let ratio = 2;
  for (let i = 0; i < 60; i++) ratio = (1 + ratio) ** (1 / (dimensions + 1));
  const uniform = seededUniform(seed, name);
  const start = Array.from({ length: dimensions }, uniform);
  return (index) => Float64Array.from(start, (from, i) => (from + (index + 1) * ratio ** -(i + 1)) % 1);
}

/** Returns seeded draws, each dimension evenly on its scale; the first of many are those of few. */
export function drawPoints(space: Space, count: number, seed: number): Point[] {
  const uniform = seededUniform(seed, 'random draws');
  return Array.from({ length: count }, () => decode(space, Float64Array.from(space, uniform)));
}
