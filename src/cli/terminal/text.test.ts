import { expect, test } from 'vitest';
import { newManifest } from '../../run/manifest.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import { RunView } from './run-view.js';
import { mainScore, summaryTable } from './summary-table.js';
import { formatTable } from './table.js';
import { clip, displayWidth } from './text-width.js';

test('a table keeps its columns straight whatever letters names are made of', () => {
  expect(
    formatTable(
      ['task', 'AUC'],
      [
        ['größe', '0.9'],
        ['売上', ''],
        ['🎬 film', '12.25'],
      ],
    ),
  ).toEqual(['task       AUC', 'größe      0.9', '売上         –', '🎬 film  12.25']);
});

test('a line is cut to the terminal’s width, colour codes not counted', () => {
  const coloured = '\u001b[1mincome\u001b[22m 0.9 売上';
  expect(clip(coloured, 8)).toBe('\u001b[1mincome\u001b[22m 0');
  expect(displayWidth(clip('売上売上', 5))).toBe(4);
  expect(clip(coloured, 100)).toBe(coloured);
});

function finished(variant: string, auc: number, r2: number | null): RunManifest {
  const summary = { income: { auc, loss: 0.5 }, minutes: { r2, loss: 2 } };
  return {
    ...newManifest({ id: 'a', name: 'a', experimentFile: null, created: new Date() }),
    network: { variant, levels: [] },
    tasks: [
      { name: 'income', kind: 'binary' },
      { name: 'minutes', kind: 'regression' },
    ],
    summary: { bestEpoch: 1, bestEpochs: {}, validation: summary, test: summary },
  };
}

test('the closing table has a line per task, with a dash where there is no number', () => {
  expect(summaryTable(finished('mmoe', 0.9, null))).toEqual([
    'task     metric  validation    loss    test    loss',
    'income   AUC         0.9000  0.5000  0.9000  0.5000',
    'minutes  R²               –  2.0000       –  2.0000',
  ]);
});

test('the metric of a list of runs says of what it is the mean', () => {
  const mixed = finished('mmoe', 0.9, 0.5);
  expect(mainScore(mixed)).toEqual({ value: 0.7, label: 'mean of test AUC and R²' });
  expect(mainScore({ ...mixed, tasks: mixed.tasks.slice(0, 1) })?.label).toBe('test AUC');
  const { summary } = mixed;
  const untested = { ...mixed, summary: { ...summary!, test: null }, tasks: mixed.tasks.slice(0, 1) };
  expect(mainScore(untested)?.label).toBe('validation AUC');
  expect(mainScore({ ...mixed, tasks: [mixed.tasks[0]!, mixed.tasks[0]!] })?.label).toBe('mean test AUC');
});

test('progress without validation rows says that its numbers are those of training rows', () => {
  const lines: string[] = [];
  const output = {
    isTerminal: false,
    colour: false,
    width: 80,
    write: () => undefined,
    steer: () => undefined,
    line: (text = '') => void lines.push(text),
  };
  const view = new RunView(output);
  view.start({ tasks: [{ name: 'income', kind: 'binary' }], epochs: 2, stepsPerEpoch: 10 });
  const scores = { income: { auc: 0.9, loss: 0.5 } };
  const epoch = {
    type: 'epoch',
    time: 1,
    step: 10,
    epoch: 1,
    train: scores,
    rowsPerSecond: 100,
    best: false,
  } as const;
  for (const validation of [null, scores]) view.event({ ...epoch, validation });
  expect(lines[0]).toContain('on training rows:  income AUC 0.9000 loss 0.5000');
  expect(lines[1]).not.toContain('training rows');
});
