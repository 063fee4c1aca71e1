import { meanOf } from '../shared/statistics/statistics.js';
import type { Importance, SettingImportance } from '../shared/study/importance.js';
import type { Observed, ObservedSetting } from '../shared/study/observed.js';
import { GaussianProcess, type Features } from './gaussian-process.js';
import { evenPositions } from './space.js';

/** Fitting takes time that grows with the third power of their number: of more, so many are taken, evenly. */
const mostPoints = 150;
/** Points over which others are averaged. */
const averaged = 192;
/** Points by which variances are estimated. */
const sampled = 512;
/** Of a range, where dependence is looked at. */
const parts = 21;

/** How many different settings there must be, at least, to say how much so many of them matter. */
export const neededFor = (settings: number): number => Math.max(6, 3 * settings);

/** Another value where a setting is not there; of numbers the middle, so that no two that lack it are apart. */
const absent = { choice: -1, number: 0.5 };

/**
 * Says how much settings matter for a measure, by the functional ANOVA (Sobol 1993; Hutter et al. 2014) of what a
 * Gaussian process believes, over all values that were varied, each as likely. The share that a setting makes alone is
 * the variance of the partial dependence on it; the share with others is the mean variance that it makes where all
 * others stay, the total effect.
 */
export function importanceOf(observed: Observed): Importance {
  const { settings, values } = observed;
  const needed = neededFor(settings.length);
  if (values.length < needed) return { is: 'few', trained: values.length, needed };
  if (values.every((value) => value === values[0])) return { is: 'same' };
  const isPresent = presenceOf(observed);
  const isChoice = settings.map((setting) => setting.values !== null);
  const step = Math.max(1, values.length / mostPoints);
  const used = Array.from({ length: Math.min(values.length, mostPoints) }, (_, i) => Math.floor(i * step));
  const process = GaussianProcess.fit(
    used.map((i) => featuresOf(settings, observed.points[i]!)),
    used.map((i) => values[i]!),
    isChoice,
  );
  const believed = (point: Float64Array): number => process.mean(withAbsent(settings, isPresent, point));
  const even = evenPositions(settings.length, 1, 'importance');
  const sample = Array.from({ length: sampled }, (_, i) => drawnAt(settings, even(i)));
  const means = sample.map(believed);
  const variance = varianceOf(means);
  if (variance === 0) return { is: 'same' };
  return {
    is: 'told',
    settings: settings.map((setting, d): SettingImportance => {
      // The middles of equal parts: their variance is that of the whole range.
      const places = setting.levels ?? Array.from({ length: parts }, (_, i) => (i + 0.5) / parts);
      const rows = sample.slice(0, averaged).map((point) => {
        const changed = places.map((at) => replaced(point, d, at));
        return changed.map((one) => ({ value: believed(one), isThere: isPresent(d, one) }));
      });
      const column = (i: number) => rows.map((row) => row[i]!);
      const alone = varianceOf(places.map((_, i) => meanOf(column(i).map(({ value }) => value)))) / variance;
      const together = meanOf(rows.map((row) => varianceOf(row.map(({ value }) => value)))) / variance;
      return {
        setting,
        alone: Math.min(1, alone),
        together: Math.min(1, Math.max(alone, together)),
        dependence: places.flatMap((at, i) => {
          const there = column(i).flatMap(({ value, isThere }) => (isThere ? [value] : []));
          return there.length === 0 ? [] : [{ at, mean: meanOf(there) }];
        }),
      };
    }),
    foretold: foretoldBy(process),
    ...{ used: used.length, trained: values.length },
  };
}

/** Returns the share of the variance that a process foretells of values that it is not given. */
function foretoldBy(process: GaussianProcess): number {
  const all = process.leftOut();
  const missed = meanOf(all.map(({ value, mean }) => (value - mean) ** 2));
  return Math.max(0, 1 - missed / varianceOf(all.map(({ value }) => value)));
}

/** Returns the variance of values that are all there are (n). */
function varianceOf(values: readonly number[]): number {
  const middle = meanOf(values);
  return meanOf(values.map((value) => (value - middle) ** 2));
}

function replaced(point: Float64Array, d: number, at: number): Float64Array {
  const changed = point.slice();
  changed[d] = at;
  return changed;
}

/** Returns what a position stands for, each value as likely. */
const drawnAt = (settings: readonly ObservedSetting[], position: Float64Array): Float64Array =>
  position.map((unit, d) => {
    const { levels } = settings[d]!;
    return levels === null ? unit : levels[Math.min(levels.length - 1, Math.floor(unit * levels.length))]!;
  });

const featuresOf = (settings: readonly ObservedSetting[], point: readonly (number | null)[]): Features =>
  Float64Array.from(point, (value, d) => value ?? absentIn(settings[d]!));

const absentIn = ({ values }: ObservedSetting): number => (values === null ? absent.number : absent.choice);

const withAbsent = (
  settings: readonly ObservedSetting[],
  isPresent: (d: number, point: Float64Array) => boolean,
  point: Float64Array,
): Float64Array => point.map((value, d) => (isPresent(d, point) ? value : absentIn(settings[d]!)));

/**
 * Returns whether a setting is there at a point, as the trainings have it: where some lack it, the first choice of
 * which each value either always or never has it.
 */
function presenceOf({ settings, points }: Observed): (d: number, point: Float64Array) => boolean {
  const rules = settings.map((_, d) => {
    if (points.every((point) => point[d] !== null)) return null;
    for (const [choice, { values }] of settings.entries()) {
      if (choice === d || values === null) continue;
      const withIt = new Set<number | null>();
      const without = new Set<number | null>();
      for (const point of points) (point[d] === null ? without : withIt).add(point[choice]!);
      if ([...withIt].every((value) => value !== null && !without.has(value))) return { choice, withIt };
    }
    return null;
  });
  return (d, point) => {
    const rule = rules[d];
    return rule === null || rule === undefined || rule.withIt.has(point[rule.choice]!);
  };
}
