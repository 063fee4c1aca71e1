import { seededUniform } from '../network/draws/random.js';
import { meanOf, standardDeviation } from '../shared/statistics/statistics.js';
import { expectedHypervolume, paretoFront, undominated } from './hypervolume.js';
import { logImprovement } from './log-improvement.js';
import { allPoints, decode, encode, evenPositions, type Point, type Position, type Space } from './space.js';
import { Surrogate, valuesOf, type Trial } from './surrogate.js';

export { valuesOf, type Trial } from './surrogate.js';

/** What is known when a point is asked for. */
export interface Asked {
  readonly space: Space;
  /** In their order. */
  readonly trials: readonly Trial[];
  /** Points that are being tried. */
  readonly pending: readonly Point[];
  readonly seed: number;
}

/** A space of so few points is looked at as a whole. */
const mostPoints = 2000;
/** Where the best point is looked for in a larger one: points all over it, and near the best trials. */
const candidates = { everywhere: 600, bestTrials: 5, nearEach: 40 };
/** The best candidates are improved by steps that become smaller. */
const climbers = 4;
const climbSteps = 60;

/** How many points are spread evenly before any is chosen by what was found. */
export const startingTrials = (space: Space): number => Math.min(10, Math.max(4, 2 * space.length));

/**
 * Returns the point to try next; null: every point of the space was tried. The first ones are spread evenly. Then a
 * Gaussian process is fitted to each objective, and the point with the largest expected improvement is taken (Jones et
 * al. 1998), over the lowest mean that is believed of a trial, as a value may have been lucky; with several objectives
 * the one with the largest expected growth of the dominated volume. Points that are being tried count as having the
 * best value so far (the constant liar of Ginsbourger et al. 2010). What was tried once is not proposed again. The same
 * question has the same answer.
 */
export function nextPoint(asked: Asked): Point | null {
  const { space, trials, pending, seed } = asked;
  const taken = new Set([...trials.map(({ point }) => point), ...pending].map(keyOf));
  const isFree = (point: Point): boolean => !taken.has(keyOf(point));
  const index = trials.length + pending.length;
  const finite = allPoints(space, mostPoints)?.filter(isFree) ?? null;
  if (finite?.length === 0) return null;
  const even = evenPositions(space.length, seed, 'starting trials');
  const surrogate =
    index < startingTrials(space) ? null : Surrogate.fit(space, trials)?.given(pending, bestValues(trials));
  if (surrogate === null || surrogate === undefined) {
    // A free one is near: where few are left, they are looked at as a whole.
    for (let i = index; i < index + mostPoints; i++) {
      const point = decode(space, even(i));
      if (isFree(point)) return point;
    }
    return finite?.[0] ?? null;
  }
  const score = scoreOf(surrogate, trials);
  const best = (points: readonly Point[]): { point: Point; score: number }[] =>
    points.map((point) => ({ point, score: score(point) })).sort((one, other) => other.score - one.score);
  if (finite !== null) return best(finite)[0]!.point;
  const uniform = seededUniform(seed, `trial ${index + 1}`);
  const ranked = best(pointsToLookAt(asked, surrogate, uniform).filter(isFree));
  const climbed = ranked.slice(0, climbers).map((from) => {
    let [point, reached] = [from.point, from.score];
    for (let step = 0; step < climbSteps; step++) {
      const moved = near(space, point, 0.2 * 0.93 ** step, uniform);
      const found = isFree(moved) ? score(moved) : -Infinity;
      if (found > reached) [point, reached] = [moved, found];
    }
    return { point, score: reached };
  });
  return climbed.reduce((one, other) => (other.score > one.score ? other : one)).point;
}

/** Returns how good it would be to try a point: more is better. */
function scoreOf(surrogate: Surrogate, trials: readonly Trial[]): (point: Point) => number {
  const believed = trials.map(({ point }) => surrogate.at(point).map(({ mean }) => mean));
  const objectives = believed[0]!.length;
  if (objectives === 1) {
    const least = Math.min(...believed.map(([mean]) => mean!));
    return (point) => {
      const [{ mean, sd }] = surrogate.at(point) as [{ mean: number; sd: number }];
      return Math.log(sd) + logImprovement((least - mean) / sd);
    };
  }
  const front = paretoFront(believed).map((i) => believed[i]!);
  // A little beyond the worst of the front, so that its ends can be extended.
  const reference = Array.from({ length: objectives }, (_, i) => {
    const values = front.map((one) => one[i]!);
    const spread = standardDeviation(believed.map((one) => one[i]!)) ?? 0;
    const worst = Math.max(...values);
    return worst + 0.1 * (worst - Math.min(...values)) + 0.1 * spread;
  });
  const boxes = undominated(front, reference);
  return (point) => expectedHypervolume(boxes, surrogate.at(point));
}

/** Returns points all over the space, and near the best trials. */
function pointsToLookAt(
  { space, trials, seed }: Asked,
  surrogate: Surrogate,
  uniform: () => number,
): Point[] {
  const even = evenPositions(space.length, seed, `candidates ${trials.length}`);
  const everywhere = Array.from({ length: candidates.everywhere }, (_, i) => decode(space, even(i)));
  const sums = trials.map(({ point }) => ({
    point,
    mean: meanOf(surrogate.at(point).map(({ mean }) => mean)),
  }));
  const best = sums.sort((one, other) => one.mean - other.mean).slice(0, candidates.bestTrials);
  const nearby = best.flatMap(({ point }) =>
    Array.from({ length: candidates.nearEach }, (_, i) => near(space, point, 0.3 * 0.9 ** i, uniform)),
  );
  return [...everywhere, ...nearby];
}

/** Returns a point that differs from another in one dimension or some: numbers by about so many units. */
function near(space: Space, point: Point, width: number, uniform: () => number): Point {
  const position = encode(space, point)!;
  const chosen = Math.floor(uniform() * space.length);
  const moved: Position = position.map((unit, i) => {
    const isMoved = i === chosen || uniform() < 1 / space.length;
    const draw = uniform();
    // What was not there may be after a move, and then lies anywhere.
    if (Number.isNaN(unit)) return draw;
    if (!isMoved) return unit;
    if (space[i]!.kind === 'choice') return draw;
    // The difference of two draws: most steps are short.
    return Math.min(1, Math.max(0, unit + 2 * width * (draw - uniform())));
  });
  return decode(space, moved);
}

/** Returns the lowest value of each objective. */
function bestValues(trials: readonly Trial[]): number[] {
  const found = trials.map(valuesOf).filter((values) => values !== null);
  return (found[0] ?? []).map((_, i) => Math.min(...found.map((values) => values[i]!)));
}

const keyOf = (point: Point): string => JSON.stringify(Object.entries(point).sort());

/** What trials say: which are the best. */
export interface Verdict {
  /** The places of trials that no other is believed to be better than in every objective, the winner among them. */
  readonly front: readonly number[];
  readonly winner: number;
  /** What is believed of each trial's objectives; null: it has no values of its own. */
  readonly believed: readonly (readonly number[] | null)[];
}

/**
 * Returns the best of the trials by what is believed of them, not by their values, which may be lucky; with several
 * objectives, the one of the Pareto front that is best in the mean, each objective in units of its spread. Null: none
 * has values.
 */
export function verdictOn(space: Space, trials: readonly Trial[]): Verdict | null {
  const surrogate = Surrogate.fit(space, trials);
  if (surrogate === null) return null;
  const believed = trials.map((trial) =>
    valuesOf(trial) === null ? null : surrogate.at(trial.point).map(({ mean }) => mean),
  );
  const good = believed.flatMap((means, i) => (means === null ? [] : [{ means, i }]));
  const front = paretoFront(good.map(({ means }) => means)).map((place) => good[place]!);
  const spreads = front[0]!.means.map((_, k) => standardDeviation(good.map(({ means }) => means[k]!)) || 1);
  const sum = (means: readonly number[]): number => meanOf(means.map((mean, k) => mean / spreads[k]!));
  const winner = front.reduce((one, other) => (sum(other.means) < sum(one.means) ? other : one));
  return { front: front.map(({ i }) => i), winner: winner.i, believed };
}
