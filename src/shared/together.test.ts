import { expect, test } from 'vitest';
import { verdictBy } from './comparison.js';
import { learnTogether, type TaskGain } from './together.js';

const gain = (method: string, task: string, mean: number, p: number | null): TaskGain => ({
  ...{ method, task },
  gain: {
    ...{ mean, p, seeds: 3, interval: null, within: null },
    // With three seeds t is 1.96, as if p were about .19.
    standardError: p === null ? null : Math.abs(mean) / 1.96,
    verdict: p === null ? 'one seed' : verdictBy(p, mean),
  },
});
const answer = (...gains: TaskGain[]) => {
  const found = learnTogether(gains);
  return [found?.answer, found?.shown.map(({ method, task }) => `${method} ${task}`)];
};

test('yes, where a method is surely better for a task, and worse for none', () => {
  expect(answer(gain('ple', 'like', 0.01, 0.001), gain('ple', 'click', -0.001, 0.4))).toEqual([
    'yes',
    ['ple like'],
  ]);
});

test('a trade, where it is better for one and worse for another', () => {
  expect(
    answer(
      ...[gain('mmoe', 'like', 0.001, 0.5), gain('mmoe', 'click', -0.001, 0.5)],
      ...[gain('ple', 'like', 0.01, 0.001), gain('ple', 'click', -0.01, 0.03)],
    ),
  ).toEqual(['trade', ['ple like', 'ple click']]);
});

test('perhaps, where one of many comparisons would come out so by chance', () => {
  const many = Array.from({ length: 8 }, (_, index) => gain(`m${index}`, 'click', 0.001, 0.5));
  expect(answer(gain('ple', 'like', 0.01, 0.03), ...many)).toEqual(['perhaps', ['ple like']]);
  expect(answer(gain('ple', 'like', 0.01, 0.03))).toEqual(['yes', ['ple like']]);
});

test('no, where every method is worse for some task', () => {
  const worse = gain('omoe', 'click', -0.01, 0.01);
  expect(answer(worse, gain('ple', 'like', -0.02, 0.001))).toEqual(['no', ['ple like', 'omoe click']]);
  expect(answer(worse, gain('ple', 'like', 0.02, 0.2))[0]).toBe('cannot tell');
});

test('where nothing can be told, what comes nearest is shown, and how many seeds it would take', () => {
  const found = learnTogether([gain('omoe', 'click', 0.01, 0.6), gain('ple', 'like', 0.02, 0.14)]);
  expect(found).toMatchObject({ answer: 'cannot tell', comparisons: 2, seedsToTell: 6 });
  expect(found?.shown.map(({ method }) => method)).toEqual(['ple', 'omoe']);
  expect(answer(gain('omoe', 'click', 0.2, null))).toEqual(['one seed', []]);
  expect(learnTogether([])).toBeNull();
});
