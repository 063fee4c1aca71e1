import { expect, it } from 'vitest';
import { memberCount, membersScore } from './members.js';

it('members are counted as the experiment says, and one is what older runs have', () => {
  const experiments = [{ training: { members: 4 } }, { training: {} }, null];
  expect(experiments.map((experiment) => memberCount({ experiment }))).toEqual([4, 1, 1]);
});

it('members are worth what the best and the worst of them are, beside their mean', () => {
  const auc = (value: number | null) => ({ bought: { auc: value } });
  const summary = { bestEpoch: 3, bestEpochs: {}, validation: {}, test: auc(0.9) };
  const task = { name: 'bought', kind: 'binary' } as const;
  const members = [auc(0.7), auc(0.8), auc(null)];
  expect(membersScore({ summary: { ...summary, members } }, task)).toEqual({
    members: 3,
    mean: 0.9,
    least: 0.7,
    most: 0.8,
  });
  expect(membersScore({ summary }, task)).toBeNull();
  expect(membersScore({ summary: null }, task)).toBeNull();
});
