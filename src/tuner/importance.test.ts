import { describe, expect, it } from 'vitest';
import type { Importance, SettingImportance } from '../shared/study/importance.js';
import type { Observed, ObservedSetting } from '../shared/study/observed.js';
import { importanceOf, neededFor } from './importance.js';
import { evenPositions } from './space.js';

const range = (label: string): ObservedSetting => ({
  ...{ label, values: null, from: 0, to: 1, log: false, levels: null },
});
const choice = (label: string, values: readonly string[]): ObservedSetting => ({
  ...{ label, values, from: 0, to: values.length - 1, log: false },
  levels: values.map((_, i) => i),
});

/** A function looked at where positions fill the space evenly. */
function observed(
  settings: readonly ObservedSetting[],
  count: number,
  value: (point: readonly number[]) => number,
): Observed {
  const even = evenPositions(settings.length, 3, 'test');
  const points = Array.from({ length: count }, (_, i) =>
    [...even(i)].map((unit, d) => {
      const { levels } = settings[d]!;
      return levels === null ? unit : levels[Math.floor(unit * levels.length)]!;
    }),
  );
  return { settings, points, values: points.map(value) };
}

function told(importance: Importance): Extract<Importance, { is: 'told' }> {
  expect(importance.is).toBe('told');
  return importance as Extract<Importance, { is: 'told' }>;
}
const shares = (of: readonly SettingImportance[], by: 'alone' | 'together'): number[] =>
  of.map((one) => one[by]);
const near = (values: readonly number[], expected: readonly number[], within: number): void => {
  values.forEach((value, i) => expect(Math.abs(value - expected[i]!), `${i}: ${value}`).toBeLessThan(within));
};

describe('how much settings matter', () => {
  it('is what is known of a sum: shares of the squared slopes, alone and together alike', () => {
    const settings = ['a', 'b', 'c'].map(range);
    const { settings: found, foretold } = told(
      importanceOf(observed(settings, 60, ([a, b]) => 3 * a! + b! + 7)),
    );
    near(shares(found, 'alone'), [0.9, 0.1, 0], 0.02);
    near(shares(found, 'together'), [0.9, 0.1, 0], 0.02);
    expect(foretold).toBeGreaterThan(0.99);
    // The dependence of a: 3 a plus the mean of b and the constant.
    const [a] = found;
    near([a!.dependence[0]!.mean, a!.dependence.at(-1)!.mean], [7.5, 10.5], 0.1);
  });

  it('is what is known of a product: all of it is together', () => {
    const settings = ['a', 'b'].map(range);
    const { settings: found } = told(
      importanceOf(observed(settings, 60, ([a, b]) => (a! - 0.5) * (b! - 0.5))),
    );
    near(shares(found, 'alone'), [0, 0], 0.03);
    near(shares(found, 'together'), [1, 1], 0.05);
  });

  it('is what is known of Ishigami’s function, of which the third input matters only with the first', () => {
    const settings = ['x', 'y', 'z'].map(range);
    const { settings: found } = told(
      importanceOf(
        observed(settings, 150, (units) => {
          const [x, y, z] = units.map((unit) => Math.PI * (2 * unit - 1)) as [number, number, number];
          return Math.sin(x) + 7 * Math.sin(y) ** 2 + 0.1 * z ** 4 * Math.sin(x);
        }),
      ),
    );
    near(shares(found, 'alone'), [0.3139, 0.4424, 0], 0.08);
    near(shares(found, 'together'), [0.5576, 0.4424, 0.2437], 0.08);
  });

  it('takes a list of numbers as a list: the same as the table of a full grid says', () => {
    const levels = [0, 0.1, 1];
    const settings = [{ ...range('rate'), levels }, choice('variant', ['one', 'other'])];
    const points = levels.flatMap((rate) => [0, 1].map((variant) => [rate, variant]));
    const values = points.map(([rate, variant]) => 2 * levels.indexOf(rate!) + 3 * variant!);
    // Variances: of 0, 2, 4 it is 8/3; of 0, 3 it is 9/4.
    const { settings: found } = told(importanceOf({ settings, points, values }));
    const all = 8 / 3 + 9 / 4;
    near(shares(found, 'alone'), [8 / 3 / all, 9 / 4 / all], 0.06);
  });

  it('leaves a setting out where a choice does not have it', () => {
    const settings = [choice('variant', ['mmoe', 'single']), range('experts')];
    const all = observed(settings, 60, ([variant, experts]) => (variant === 0 ? experts! : 0.5));
    const points = all.points.map(([variant, experts]) => [variant!, variant === 0 ? experts! : null]);
    const { settings: found } = told(importanceOf({ ...all, points }));
    // f is 0.5 + (experts − 0.5) · [mmoe]: half of the variance is the setting's alone, all of it is with the choice.
    near(shares(found, 'together'), [0.5, 1], 0.06);
    near(shares(found, 'alone'), [0, 0.5], 0.06);
    const [, experts] = found;
    near([experts!.dependence[0]!.mean, experts!.dependence.at(-1)!.mean], [0, 1], 0.05);
  });
});

it('says that there are too few runs, or that they do not differ, and how little can be foretold', () => {
  const settings = ['a', 'b', 'c'].map(range);
  expect(importanceOf(observed(settings, 8, ([a]) => a!))).toEqual({ is: 'few', trained: 8, needed: 9 });
  expect(neededFor(1)).toBe(6);
  expect(importanceOf(observed(settings, 20, () => 0.3))).toEqual({ is: 'same' });
  const noise = told(
    importanceOf(observed(settings, 40, ([a, b, c]) => (a! * 7919 + b! * 104729 + c! * 1299709) % 1)),
  );
  expect(noise.foretold).toBeLessThan(0.3);
});
