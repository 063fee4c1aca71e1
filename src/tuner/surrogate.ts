import { normalQuantile } from '../shared/statistics/normal-chance.js';
import { meanOf, quantileOf } from '../shared/statistics/statistics.js';
import { GaussianProcess, type Belief, type Features } from './gaussian-process.js';
import { encode, type Point, type Space } from './space.js';

/** A point that was tried. */
export interface Trial {
  readonly point: Point;
  /** One for each objective, less is better; `failed`: it has none; `stopped`: early, as others were better. */
  readonly values: readonly number[] | 'failed' | 'stopped';
}

/** Returns the values of a trial; null: it has none. */
export const valuesOf = ({ values }: Trial): readonly number[] | null =>
  typeof values === 'string' ? null : values;

/** What is believed of each objective, from trials that lie in the space. */
export class Surrogate {
  private constructor(
    private readonly space: Space,
    private readonly processes: readonly GaussianProcess[],
  ) {}

  /**
   * Fits a process to each objective; null: no trial has values. A trial that has failed was as bad as the worst, and
   * one that was stopped no better than most: what it had reached by then is not what the others have in the end.
   */
  static fit(space: Space, trials: readonly Trial[]): Surrogate | null {
    const found = trials.map(valuesOf).filter((values) => values !== null);
    if (found.length === 0) return null;
    const sorted = found[0]!.map((_, i) =>
      found.map((values) => values[i]!).sort((one, other) => one - other),
    );
    const instead = {
      failed: sorted.map((values) => values.at(-1)!),
      stopped: sorted.map((values) => quantileOf(values, 0.5)),
    };
    const isChoice = space.map(({ kind }) => kind === 'choice');
    const points = trials.map(({ point }) => featuresOf(space, point));
    const processes = sorted.map((_, i) => {
      const values = trials.map(
        (trial) => (typeof trial.values === 'string' ? instead[trial.values] : trial.values)[i]!,
      );
      const process = GaussianProcess.fit(points, values, isChoice);
      // With several objectives a point may be good that is bad in one of them.
      const ranked = sorted.length > 1 ? null : withBadRanked(values);
      if (ranked === null) return process;
      const other = GaussianProcess.fit(points, ranked, isChoice);
      // Good values are the same to both, so that what is foretold of them can be compared.
      const isGood = values.map((value, at) => value === ranked[at]);
      return foretelling(process, isGood) > foretelling(other, isGood) + clearly ? process : other;
    });
    return new Surrogate(space, processes);
  }

  /** The same, as if points had values, without noise, that they do not have yet. */
  given(points: readonly Point[], values: readonly number[]): Surrogate {
    if (points.length === 0) return this;
    const features = points.map((point) => featuresOf(this.space, point));
    return new Surrogate(
      this.space,
      this.processes.map((process, i) =>
        process.given(
          features,
          points.map(() => values[i]!),
        ),
      ),
    );
  }

  at(point: Point): Belief[] {
    const features = featuresOf(this.space, point);
    return this.processes.map((process) => process.at(features));
  }
}

/**
 * Returns what processes know a point by: where a number lies, or which value is chosen. What is not there lies in the
 * middle, or is a value of its own: two points that lack it are not apart in it.
 */
function featuresOf(space: Space, point: Point): Features {
  const position = encode(space, point);
  if (position === null) throw new RangeError('the point lies outside of the space');
  return Float64Array.from(space, ({ kind }, i) => {
    const unit = position[i]!;
    if (kind === 'choice') return Number.isNaN(unit) ? -1 : unit;
    return Number.isNaN(unit) ? 0.5 : unit;
  });
}

/** Below so many values nothing is told by their ranks. */
const fewestRanked = 8;
/** By so much, in log density of a value, values as they are must foretell good ones better than ranks do. */
const clearly = 0.5;

/**
 * Returns values of which the worse half says by its ranks alone how bad it is, as if it were the upper half of a
 * normal distribution as wide as the better half, which stays as it is (Song et al. 2024): a few values that are far
 * off, such as those of trainings that have all but failed, otherwise hide what differences good ones have. Null: they
 * are too few, or the better half does not vary.
 */
function withBadRanked(values: readonly number[]): number[] | null {
  const count = values.length;
  if (count < fewestRanked) return null;
  const sorted = [...values].sort((one, other) => one - other);
  const middle = quantileOf(sorted, 0.5);
  const good = sorted.filter((value) => value <= middle);
  const spread = Math.sqrt(meanOf(good.map((value) => (value - middle) ** 2)));
  if (spread === 0) return null;
  return values.map((value) => {
    if (value <= middle) return value;
    const rank = (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2;
    return middle + spread * normalQuantile((rank + 0.5) / count);
  });
}

/** Returns how well a process foretells each of some values by all the others: the mean log density. */
function foretelling(process: GaussianProcess, counts: readonly boolean[]): number {
  const densities = process
    .leftOut()
    .flatMap(({ value, mean, sd }, i) =>
      counts[i]! ? [-(((value - mean) / sd) ** 2) / 2 - Math.log(sd)] : [],
    );
  return meanOf(densities);
}
