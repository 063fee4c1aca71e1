import * as v from 'valibot';
import { expect, it } from 'vitest';
import { experimentSchema } from '../../../experiment/schema.js';
import { runsOf } from '../wanted-runs.js';
import { estimateTime } from './estimate.js';
import { estimateText } from './tell-time.js';
import type { Trainer } from '../../trainers/trainer.js';

const experiment = v.parse(experimentSchema, { data: { source: 'x' }, tasks: [{ label: 'y' }] });
const parameters = new Map([
  ['mmoe', 200],
  ['shared-bottom', 100],
  ['ple', 300],
] as const);

/** Measures the variants that it is told to; `null` is nothing at all. */
function trainer(seconds: Readonly<Record<string, number | null>>) {
  const asked: string[][] = [];
  const measure: Trainer['measure'] = ({ experiments }, onMeasured) => {
    asked.push(experiments.map(({ model }) => model.variant));
    experiments.forEach(({ model }, index) => {
      const own = seconds[model.variant] ?? null;
      if (own !== null) onMeasured(index, own);
    });
    return Promise.resolve();
  };
  return { asked, measure };
}

it('trainers share the variants, the dearest and the cheapest first, and their runs are dealt out to lanes', async () => {
  const wanted = runsOf(experiment, ['mmoe', 'shared-bottom', 'ple'], [1, 2]);
  const [one, other] = [trainer({ mmoe: 4, ple: 8 }), trainer({ 'shared-bottom': 2 })];
  const time = await estimateTime([one, other], { wanted, parameters, path: 'x.mmoe.json' });
  expect([one.asked, other.asked]).toEqual([[['ple', 'mmoe']], [['shared-bottom']]]);
  expect(Object.fromEntries(time!.each)).toEqual({ mmoe: 4, ple: 8, 'shared-bottom': 2 });
  // Lane 1: mmoe 4, mmoe 4, shared-bottom 2, ple 8; lane 2: shared-bottom 2, ple 8.
  expect(time!.seconds).toBe(18);
});

it('more trainers than variants all look, and what is not measured counts as the mean of the others', async () => {
  const wanted = runsOf(experiment, ['mmoe', 'ple'], [1]);
  const both = [trainer({ mmoe: null, ple: 8 }), trainer({ mmoe: null, ple: 8 }), trainer({ ple: 10 })];
  const time = await estimateTime(both, { wanted, parameters, path: 'x.mmoe.json' });
  expect(both.map(({ asked }) => asked.flat())).toEqual([['ple'], ['mmoe'], ['ple']]);
  expect(Object.fromEntries(time!.each)).toEqual({ mmoe: 9, ple: 9 });
  expect(await estimateTime([trainer({})], { wanted, parameters, path: 'x.mmoe.json' })).toBeNull();
});

it('is said with what is trained, in the unit that fits', () => {
  const wanted = runsOf(experiment, ['mmoe', 'ple'], [1, 2, 3]);
  const time = { seconds: 720, each: new Map(), atMost: false };
  expect(estimateText(time, wanted)).toBe('2 variants × 3 seeds: about 12 minutes');
  expect(estimateText({ ...time, seconds: 0.4, atMost: true }, wanted.slice(0, 1))).toBe(
    '1 variant × 1 seed: about 1 second at most, as runs may end before their last epoch',
  );
  expect(estimateText({ ...time, seconds: 9000 }, wanted.slice(1))).toBe('5 runs: about 3 hours');
});
