import { expect, it } from 'vitest';
import { takeNext, waitingRun } from './next-run.js';

const run = (key: string, ...sets: string[]) =>
  waitingRun({ key, settings: {}, seed: 1, isTrial: false, sets });

it('goes by what decides the rows, and not by model, training and engine', () => {
  const sets = ['model.variant="mmoe"', 'data.source.synthetic.seed=2', 'training.seed=2'];
  expect(run('a', ...sets).rows).toBe('data.source.synthetic.seed=2');
});

it('takes the rows that the process has, then those that nobody has, then the first', () => {
  const waiting = [
    run('a', 'data.split.seed=1', 'model.variant="omoe"'),
    run('b', 'data.split.seed=2'),
    run('f', 'data.split.seed=3'),
    run('c', 'data.split.seed=1', 'model.variant="mmoe"'),
    run('d', 'data.split.seed=2'),
    run('e', 'data.split.seed=1'),
  ];
  const [one, two] = [waiting[0]!.rows, waiting[1]!.rows];
  const next = (own: string | undefined, others: readonly string[]): string | undefined =>
    takeNext(waiting, own, others)?.run.key;
  expect(next(undefined, [])).toBe('a');
  expect(next(undefined, [one])).toBe('b');
  expect(next(one, [two])).toBe('c');
  expect(next(one, [two])).toBe('e');
  expect(next(one, [two])).toBe('f');
  expect(next(one, [two])).toBe('d');
  expect(next(one, [two])).toBeUndefined();
});
