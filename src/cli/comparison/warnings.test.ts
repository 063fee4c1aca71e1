import { describe, expect, it } from 'vitest';
import { experimentFromText } from '../../experiment/load.js';
import { comparisonWarnings } from './warnings.js';
import type { Variant } from '../../experiment/schema/variants.js';

const warn = (model: object, variants: Variant[], sets: string[] = []): string[] => {
  const text = JSON.stringify({
    data: { source: 'x.csv' },
    tasks: [{ label: 'y1' }, { label: 'y2' }],
    model,
  });
  const each = variants.map((variant) => ({
    variant,
    ...experimentFromText({ path: 'a.mmoe.json', text, sets: [...sets, `model.variant=${variant}`] }),
  }));
  return comparisonWarnings(each).map(({ message }) => message);
};

describe('the warnings of a comparison', () => {
  it('leave out settings that one of the variants has', () => {
    expect(warn({ variant: 'shared-bottom', gates: { bias: true } }, ['shared-bottom', 'mmoe'])).toEqual([]);
    expect(warn({ gates: { bias: true } }, ['shared-bottom', 'single-task'])).toEqual([
      'shared-bottom has no gates: this has no effect; it is for omoe, mmoe, cgc, ple',
    ]);
    expect(warn({ match: 'mmoe' }, ['mmoe', 'omoe'])).toEqual([]);
  });

  it('name the variants that they concern, where it is not all of them', () => {
    const nine = { gates: { choose: { top: 9 } } };
    const says = 'a gate sees 8 experts, so it cannot choose 9: all are used';
    expect(warn(nine, ['mmoe', 'omoe'])).toEqual([says]);
    expect(warn(nine, ['mmoe', 'single-task', 'omoe'])).toEqual([`mmoe, omoe: ${says}`]);
    expect(warn({ ...nine, experts: { perTask: 1, shared: 2 } }, ['mmoe', 'cgc'])).toEqual([
      `mmoe: ${says}`,
      'cgc: a gate sees 3 experts, so it cannot choose 9: all are used',
    ]);
  });

  it('tell settings of the command line apart', () => {
    const sets = ['model.levels=3', 'model.gates.bias=true'];
    expect(warn({}, ['single-task', 'shared-bottom'], sets)).toEqual([
      '--set model.gates.bias=true: single-task has no gates: this has no effect; ' +
        'it is for omoe, mmoe, cgc, ple',
      '--set model.levels=3: single-task has no levels: this has no effect; it is for ple, pathnet',
    ]);
  });
});
