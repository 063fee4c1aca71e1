import { describe, expect, it } from 'vitest';
import { learningRateFactor } from './schedule.js';

const settings = { kind: 'cosine', warmup: 0, final: 0, every: 10, factor: 0.1 } as const;
const at = (schedule: Parameters<typeof learningRateFactor>[0], epoch: number) =>
  learningRateFactor(schedule, epoch * 4, 4, 12);

describe('the learning rate’s factor', () => {
  it('stays 1 without a schedule', () => {
    expect(at('constant', 0)).toBe(1);
    expect(at({ ...settings, kind: 'constant' }, 11)).toBe(1);
  });

  it('falls by half a cosine to its last share', () => {
    expect(at(settings, 0)).toBe(1);
    expect(at({ ...settings, final: 0.2 }, 6)).toBeCloseTo(0.6, 12);
    expect(at({ ...settings, final: 0.2 }, 12)).toBeCloseTo(0.2, 12);
  });

  it('falls evenly', () => {
    expect(at({ ...settings, kind: 'linear', final: 0.5 }, 3)).toBeCloseTo(0.875, 12);
  });

  it('falls in steps', () => {
    const schedule = { ...settings, kind: 'step', every: 5 } as const;
    expect([0, 4.75, 5, 10].map((epoch) => at(schedule, epoch))).toEqual([1, 1, 0.1, 0.1 ** 2]);
  });

  it('rises evenly while it warms up, and what follows counts from there', () => {
    const schedule = { ...settings, warmup: 2 } as const;
    expect([0, 1, 7].map((step) => learningRateFactor(schedule, step, 4, 12))).toEqual([1 / 8, 2 / 8, 1]);
    expect(at(schedule, 2)).toBe(1);
    expect(at(schedule, 7)).toBeCloseTo(0.5, 12);
  });

  it('is right for part of an epoch of warm-up and for trainings that end in it', () => {
    const schedule = { ...settings, warmup: 0.1 } as const;
    expect(learningRateFactor(schedule, 0, 4, 1)).toBe(1);
    for (let step = 0; step < 8; step++)
      expect(learningRateFactor({ ...settings, warmup: 3 }, step, 4, 2)).toBeLessThanOrEqual(1);
  });

  it('never rises above itself where the warm-up ends between two steps', () => {
    const schedule = { ...settings, kind: 'constant', warmup: 0.5 } as const;
    expect([0, 1, 2, 3].map((step) => learningRateFactor(schedule, step, 5, 2))).toEqual([
      1 / 2.5,
      2 / 2.5,
      1,
      1,
    ]);
  });
});
