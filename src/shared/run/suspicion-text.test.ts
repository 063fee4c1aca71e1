import { expect, it } from 'vitest';
import { leakText, suspicions } from './suspicion-text.js';

const task = { name: 'click', kind: 'binary' as const, labels: { train: 800, validation: 100, test: 10 } };
const run = (validation: number, test: number | null = null) => ({
  data: null,
  tasks: [task],
  summary: {
    ...{ bestEpoch: 1, bestEpochs: {}, validation: { click: { auc: validation } } },
    test: test === null ? null : { click: { auc: test } },
  },
});

it('a feature is named with what gives the label away', () => {
  const leak = { task: 'click', feature: 'minutes', metric: 'auc' as const, value: 1 };
  expect(leakText({ ...leak, missing: { side: '0' } })).toBe(
    'feature "minutes" alone predicts "click" nearly perfectly (AUC 1.0000): it is missing exactly where "click" ' +
      'is 0; if it is known only after the label is, set it to "ignore"',
  );
  expect(leakText({ ...leak, value: 0.995, missing: { side: '0' } })).toContain(
    'missing nearly exactly where',
  );
  expect(leakText({ ...leak, metric: 'r2' })).toContain('nearly perfectly (R² 1.0000); if');
});

it('a metric that is too good is doubted, of rows enough', () => {
  expect(suspicions(run(0.9989))).toEqual([]);
  expect(suspicions(run(0.9991, 1))).toEqual([
    expect.stringMatching(/^"click" is predicted nearly perfectly \(validation AUC 0\.9991\): see whether/),
  ]);
});

it('a metric that one row decides is said with what it is without', () => {
  const tasks = [{ name: 'rings', kind: 'regression' as const }];
  const metrics = { rings: { r2: 0.18, r2WithoutWorst: 0.55 } };
  const summary = { bestEpoch: 1, bestEpochs: {}, validation: { rings: { r2: 0.55 } }, test: metrics };
  expect(suspicions({ data: null, tasks, summary })).toEqual([
    'one row decides the test R² of "rings": 0.1800, and 0.5500 without it',
  ]);
});
