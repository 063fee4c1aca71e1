import { quantileOf } from '../shared/statistics/statistics.js';
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
    const processes = sorted.map((_, i) =>
      GaussianProcess.fit(
        points,
        trials.map(({ values }) => (typeof values === 'string' ? instead[values] : values)[i]!),
        isChoice,
      ),
    );
    return new Surrogate(space, processes);
  }

  /** The same, as if points had values that they do not have yet. */
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
