import { expect, it } from 'vitest';
import type { Leak } from '../../src/shared/run/run-manifest.js';
import { suspicions } from '../../src/shared/run/suspicion-text.js';
import { r2WithoutWorst } from '../../src/shared/task-kinds.js';
import { shownSuspicions } from './shown-suspicions.js';

const data = {
  source: 't.csv',
  rows: { train: 800, validation: 100, test: 100 },
  inputs: 1,
  fingerprint: '',
};
const tasks = [
  { name: 'click', kind: 'binary' as const, labels: { train: 800, validation: 100, test: 100 } },
];
const leak = { task: 'click', feature: 'minutes', metric: 'auc' as const, value: 1 };
const run = (leaks: Partial<Leak>[], auc = 0.9) => ({
  data: { ...data, leaks: leaks.map((one) => ({ ...leak, ...one })) },
  tasks,
  summary: {
    ...{ bestEpoch: 1, bestEpochs: {}, validation: { click: { auc } } },
    test: { click: { auc } },
  },
});

it('pages and terminal doubt the same, in the same words', () => {
  const doubtful: Partial<Leak>[] = [
    {},
    { missing: {} },
    { missing: { side: '0' } },
    { missing: { side: 'no' }, value: 0.9951 },
    { metric: 'r2', feature: 'the {1} of "it"' },
  ];
  for (const one of [...doubtful.map((leaky) => run([leaky])), run([], 0.9995)]) {
    const said = suspicions(one).map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`);
    expect(said).toHaveLength(1);
    expect(shownSuspicions([one])).toEqual(said);
  }
  const oneRow = run([]);
  const summary = {
    ...oneRow.summary,
    validation: { click: { r2: 0.1, [r2WithoutWorst]: 0.9 } },
    test: null,
  };
  expect(shownSuspicions([{ ...oneRow, summary }])).toEqual(
    suspicions({ ...oneRow, summary }).map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`),
  );
});

it('runs that are doubtful for the same reason say it once, and many reasons are counted', () => {
  expect(shownSuspicions([run([{}]), run([{}])])).toHaveLength(1);
  const many = shownSuspicions([run(Array.from({ length: 9 }, (_, i) => ({ feature: `f${i}` })))]);
  expect(many).toHaveLength(5);
  expect(many.at(-1)).toBe('And 5 more of the kind, which the log names.');
});
