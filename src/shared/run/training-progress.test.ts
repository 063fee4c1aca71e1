import { describe, expect, it } from 'vitest';
import { currentEpoch, secondsToGo, shareTrained } from './training-progress.js';

describe('the progress of a training', () => {
  it('is the share of its steps, and the time left is that of the others at the speed so far', () => {
    const progress = { step: 25, steps: 100, seconds: 5 };
    expect([shareTrained(progress), secondsToGo(progress)]).toEqual([0.25, 15]);
    const late = { ...progress, step: 120 };
    expect([shareTrained(late), secondsToGo(late)]).toEqual([1, 0]);
  });

  it('claims nothing before there is a step, or while the number of steps is not known', () => {
    expect([shareTrained(null), secondsToGo(null)]).toEqual([null, null]);
    const unknown = { step: 5, steps: null, seconds: 1 };
    expect([shareTrained(unknown), secondsToGo(unknown)]).toEqual([null, null]);
    expect(secondsToGo({ step: 0, steps: 100, seconds: 0 })).toBeNull();
  });

  it('is in an epoch from 1 to the last', () => {
    const plan = { epochs: 3, stepsPerEpoch: 10 };
    expect([0, 9, 10, 30].map((step) => currentEpoch(plan, step))).toEqual([1, 1, 2, 3]);
    expect(currentEpoch({ epochs: null, stepsPerEpoch: 10 }, 5)).toBeNull();
  });
});
