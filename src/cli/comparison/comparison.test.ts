import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { experimentSchema } from '../../experiment/schema.js';
import type { VariantScore } from '../../shared/comparison.js';
import { chooseParallel } from './parallel.js';
import { comparisonReport } from './report.js';
import { ComparisonView, type ExpectedTime } from './view.js';
import { chosenVariants, runsOf } from './wanted-runs.js';

const row = (variant: string, task: string, gain: VariantScore['gain']): VariantScore => ({
  variant,
  task,
  metric: 'auc',
  split: 'test',
  seeds: [1, 2, 3],
  mean: 0.94412,
  best: 0.9448,
  sd: 0.00042,
  spread: 0.0013,
  gain,
});

const reportByTask = [
  'task     variant      metric    seeds    mean       SD    best  spread     vs single-task                            is it better?',
  'income   single-task  test AUC      3  0.9441  0.00042  0.9448  0.0013                  –                                        –',
  'income   mmoe         test AUC      3  0.9441  0.00042  0.9448  0.0013   +0.0024 ± 0.0008   cannot tell (p = 0.095), 4 seeds might',
  'married  single-task  test AUC      3  0.9441  0.00042  0.9448  0.0013                  –                                        –',
  'married  mmoe         test AUC      3  0.9441  0.00042  0.9448  0.0013  −0.00031 ± 0.0008  cannot tell (p = 0.736), 80 seeds might',
  'vs single-task: the mean difference with the same seeds ± its standard error; more than 0 is better.',
  'better, worse: beyond chance at 95 % (paired t-test); cannot tell: it may be chance; with about ' +
    'so many seeds a difference of its size would be told.',
];

test('the table stands by task, with what is not known as a dash, and says how to read it', () => {
  const rows = ['income', 'married'].flatMap((task) => [
    row('single-task', task, null),
    row('mmoe', task, {
      mean: task === 'income' ? 0.0024 : -0.00031,
      standardError: 0.0008,
      seeds: 3,
      ...{ interval: null, p: task === 'income' ? 0.0954 : 0.736, within: null },
      verdict: 'cannot tell',
    }),
  ]);
  expect(comparisonReport([rows[0]!, rows[2]!, rows[1]!, rows[3]!])).toEqual(reportByTask);
});

test('a difference has no more decimals than its error', () => {
  const gain = { mean: 0.00009465, standardError: 0.0044, seeds: 3, interval: null, p: 0.985, within: null };
  const [, , line] = comparisonReport([
    row('single-task', 'income', null),
    row('mmoe', 'income', { ...gain, verdict: 'cannot tell' }),
  ]);
  expect(line).toContain(' +0.0001 ± 0.0044 ');
});

test('with one seed the table says that it cannot tell; without single-task it has no such column', () => {
  const one = { ...row('mmoe', 'income', null), seeds: [1], sd: null, spread: null };
  expect(comparisonReport([one])).toEqual([
    'task    variant  metric    seeds    mean  SD    best  spread',
    'income  mmoe     test AUC      1  0.9441   –  0.9448       –',
    'One seed cannot tell a better variant from a lucky one; --seeds 3 or more shows how much they vary.',
  ]);
  expect(comparisonReport([])).toEqual([]);
});

test('as many run at once as there are cores and runs for, and the threads are shared out', () => {
  const wish = { runs: 12, wanted: null, cores: 8, threads: 8, free: 1e9, bytesPerRun: () => 1 };
  expect(chooseParallel(wish)).toEqual({ runs: 8, threads: 1, limitedByMemory: false });
  expect(chooseParallel({ ...wish, wanted: 3 })).toEqual({ runs: 3, threads: 2, limitedByMemory: false });
  expect(chooseParallel({ ...wish, wanted: 1 })).toEqual({ runs: 1, threads: 8, limitedByMemory: false });
  expect(chooseParallel({ ...wish, runs: 2 })).toEqual({ runs: 2, threads: 4, limitedByMemory: false });
  expect(chooseParallel({ ...wish, threads: 1 })).toEqual({ runs: 8, threads: 1, limitedByMemory: false });
  expect(chooseParallel({ ...wish, bytesPerRun: (threads) => 2e8 + threads * 5e7 })).toEqual({
    runs: 3,
    threads: 2,
    limitedByMemory: true,
  });
});

test('never more at once than fit into memory, and always one', () => {
  const size = fc.integer({ min: 1, max: 64 });
  fc.assert(
    fc.property(
      size,
      size,
      size,
      fc.option(size),
      fc.integer({ min: 0, max: 100 }),
      (runs, cores, threads, wanted, free) => {
        const bytesPerRun = (count: number): number => 5 + count;
        const chosen = chooseParallel({ runs, wanted, cores, threads, free, bytesPerRun });
        expect(chosen.runs).toBeGreaterThanOrEqual(1);
        expect(chosen.threads).toBe(Math.max(1, Math.floor(threads / chosen.runs)));
        if (chosen.runs > 1) expect(chosen.runs * bytesPerRun(chosen.threads)).toBeLessThanOrEqual(free);
        if (!chosen.limitedByMemory) expect(chosen.runs).toBe(Math.min(wanted ?? cores, runs));
      },
    ),
  );
});

test('a variant is trained once however often it is named, and unknown ones are refused', () => {
  expect(chosenVariants(' mmoe,omoe, mmoe,')).toEqual(['mmoe', 'omoe']);
  expect(() => chosenVariants('mmoo')).toThrow('there is no variant "mmoo"');
  expect(() => chosenVariants(',')).toThrow('names none');
});

test('its runs are all variants with the first seed, then with the next, whatever the seeds are', () => {
  const base = v.parse(experimentSchema, {
    name: 'x',
    data: { source: 'x' },
    tasks: [{ label: 'y' }],
    training: { seed: 4 },
  });
  const runs = runsOf(base, ['ple', 'mmoe'], [9, 4]);
  expect(runs.map(({ name }) => name)).toEqual([
    'x ple seed 9',
    'x mmoe seed 9',
    'x ple seed 4',
    'x mmoe seed 4',
  ]);
  const seeds = runs.map(({ experiment }) => experiment.training.seed);
  expect(seeds).toEqual([9, 9, 4, 4]);
  expect(runs[1]).toEqual({
    variant: 'mmoe',
    experiment: {
      ...base,
      model: { ...base.model, variant: 'mmoe' },
      training: { ...base.training, seed: 9 },
    },
    name: 'x mmoe seed 9',
  });
  const [alone] = runsOf({ ...base, name: undefined }, ['omoe'], [1]);
  expect(alone!.name).toBe('experiment omoe');
});

/** Stands in for a terminal: its text has all that was written, also lines that were taken away again. */
function screen(isTerminal: boolean, expected: ExpectedTime = { seconds: null, each: new Map() }) {
  let now = 0;
  let text = '';
  const write = (more: string): void => {
    text += more;
  };
  const output = {
    isTerminal,
    colour: false,
    width: 100,
    write,
    steer: write,
    line: (line = '') => write(`${line}\n`),
  };
  return {
    view: new ComparisonView(output, 3, expected, () => now),
    text: () => text,
    wait: (seconds: number) => (now += seconds * 1000),
  };
}

const training = { tasks: [{ name: 'income', kind: 'binary' as const }], epochs: 4, stepsPerEpoch: 10 };
const halfWay = { type: 'step' as const, time: 10, step: 20, epoch: 2, losses: { income: 0.5 } };

test('in a terminal each run that trains has a line, and one tells of all', () => {
  const { view, text, wait } = screen(true);
  for (const name of ['a', 'bcd']) {
    const line = view.begin(name);
    line.start(training);
    line.event(halfWay);
  }
  wait(10);
  view.tick();
  const bar = '██████████░░░░░░░░░░   50 %  epoch 1/4  income AUC – loss 0.5000';
  expect(text()).toBe(`a    ${bar}\nbcd  ${bar}\n0 of 3 done, 33 %, about 0:20 left`);
  view.end('a', 'a finished', false);
  expect(text().slice(text().indexOf('left') + 4)).toBe(
    `\r\u001b[2A\u001b[0Ja finished\nbcd  ${bar}\n1 of 3 done, 50 %, about 0:10 left`,
  );
});

test('elsewhere there are plain lines where a run begins and ends, and one a minute', () => {
  const { view, text, wait } = screen(false);
  const line = view.begin('a');
  wait(30);
  view.tick();
  wait(40);
  view.tick();
  line.start(training);
  line.event(halfWay);
  wait(70);
  view.tick();
  view.left(['b']);
  view.end('a', 'a failed: no memory', true);
  expect(text().trimEnd().split('\n')).toEqual([
    'training a (1 of 3)',
    '0 of 3 done, 0 %; a starting',
    '0 of 3 done, 16 %, about 11:40 left; a epoch 1/4',
    'a run that had not begun was stopped',
    'a failed: no memory (2 of 3 done, 66 %, 1 failed, about 2:20 left)',
  ]);
});

test('runs count as long as they are expected to take, and what is done of all never falls back', () => {
  const { view, text, wait } = screen(false, {
    seconds: 100,
    each: new Map([
      ['small', 10],
      ['large', 80],
      ['other', 10],
    ]),
  });
  const line = view.begin('large');
  line.start(training);
  wait(70);
  view.tick();
  line.event(halfWay);
  wait(70);
  view.tick();
  // It is trained anew.
  line.event({ ...halfWay, step: 0 });
  wait(70);
  view.tick();
  expect(text().trimEnd().split('\n')).toEqual([
    'training large (1 of 3)',
    // 80 seconds for what was to take 10, then 150 for 50.
    '0 of 3 done, 0 %, about 13:20 left; large starting',
    '0 of 3 done, 40 %, about 3:00 left; large epoch 1/4',
    '0 of 3 done, 40 %, about 36:40 left; large epoch 1/4',
  ]);
});
