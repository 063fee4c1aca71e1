import { expect, it } from 'vitest';
import { withShortNames } from './short-names.js';

const [one, other] = [
  { variant: 'mmoe', experts: { count: 8 } },
  { variant: 'omoe', experts: { count: 8 } },
];

it('models that vary are called by their variants, where these tell them apart', () => {
  const plan = {
    vary: { model: [one, other], 'training.epochs': [1, 2] },
    compare: { setting: 'model', to: other },
  };
  const short = withShortNames(plan);
  expect(short.plan).toEqual({
    vary: { model: ['mmoe', 'omoe'], 'training.epochs': [1, 2] },
    compare: { setting: 'model', to: 'omoe' },
  });
  const settings = { model: one, 'training.epochs': 2 };
  expect(short.combination({ settings, lines: [] }).settings).toEqual({
    model: 'mmoe',
    'training.epochs': 2,
  });
  const same = { vary: { model: [one, { variant: 'mmoe', experts: { count: 4 } }] } };
  expect(withShortNames(same).plan).toBe(same);
  expect(withShortNames(same).combination({ settings, lines: [] }).settings).toBe(settings);
});
