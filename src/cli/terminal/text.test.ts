import { expect, test } from 'vitest';
import { InputError } from '../../shared/errors.js';
import { newManifest } from '../../run/manifest.js';
import type { RunManifest } from '../../shared/run.js';
import { describeInputError, toRunError } from '../failure.js';
import { parseGitStatus } from '../training/git.js';
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

test('git’s status gives commit, branch and whether tracked files differ', () => {
  const clean = '# branch.oid 4bf1\n# branch.head main\n';
  expect(parseGitStatus(clean)).toEqual({ commit: '4bf1', branch: 'main', dirty: false });
  expect(parseGitStatus(`${clean}1 .M N... 100644 100644 100644 a b file.txt\n`)?.dirty).toBe(true);
  expect(parseGitStatus('# branch.oid 4bf1\n# branch.head (detached)\n')?.branch).toBeNull();
  expect(parseGitStatus('# branch.oid (initial)\n# branch.head main\n')).toBeNull();
});

test('an error says what and where, on one line', () => {
  const error = new InputError('data.number', 'not a number:\n "abc"', {
    file: '/x/y.csv',
    row: 3,
    columnName: 'age',
  });
  expect(describeInputError(error)).toBe('not a number: "abc" (/x/y.csv, row 3, column "age")');
  expect(describeInputError(new InputError('a', 'what'))).toBe('what');
  expect(toRunError(new InputError('a', 'what', { file: 'f', line: 2, column: 5 }))).toEqual({
    code: 'a',
    message: 'what (f:2:5)',
    file: 'f',
    line: 2,
    column: 5,
  });
  expect(toRunError(new RangeError('deep')).code).toBe('RangeError');
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
  expect(mainScore(mixed)).toEqual({ value: 0.7, label: 'mean of AUC and R²' });
  expect(mainScore({ ...mixed, tasks: mixed.tasks.slice(0, 1) })?.label).toBe('AUC');
  expect(mainScore({ ...mixed, tasks: [mixed.tasks[0]!, mixed.tasks[0]!] })?.label).toBe('mean AUC');
});

test('progress without validation rows says that its numbers are those of training rows', () => {
  const lines: string[] = [];
  const output = {
    isTerminal: false,
    colour: false,
    width: 80,
    write: () => undefined,
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
