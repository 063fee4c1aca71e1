import { expect, it } from 'vitest';
import type { PredictionReport, TaskScores, TaskSlice } from '../../shared/prediction/report.js';
import { sliceLines } from './report-text.js';

const scores: TaskScores[] = [
  { task: 'click', kind: 'binary', rows: 30, why: null, metrics: { auc: 0.75 } },
  { task: 'genre', kind: 'multiclass', rows: 30, why: null, metrics: { accuracy: 0.5 } },
  { task: 'like', kind: 'binary', rows: 0, why: 'no column "like"', metrics: null },
];
const sliceTasks = (rows: number, auc: number): TaskSlice[] => [
  { task: 'click', kind: 'binary', rows, metrics: { auc }, label: 0.3, predicted: 0.254321 },
  { task: 'genre', kind: 'multiclass', rows, metrics: { accuracy: 0.5 }, label: null, predicted: null },
  { task: 'like', kind: 'binary', rows: 0, metrics: null, label: null, predicted: null },
];
const report: PredictionReport = {
  ...{ source: 'new.csv', rows: 30, runs: [], columns: [], found: [], labelled: [], out: null, scores },
  ...{ unweighted: null, trainedOn: false, test: null, preview: null },
  by: [
    {
      column: 'device',
      slices: [
        { of: { kind: 'value', value: 'phone' }, rows: 1200, tasks: sliceTasks(20, 0.8) },
        { of: { kind: 'missing' }, rows: 10, tasks: sliceTasks(10, 0.7) },
      ],
    },
  ],
};
const note =
  'is, predicted: the means of labels and of predictions, which differ where these are too high or too low.';

it('has a table of all tasks for each column, and one for each task where that is too wide', () => {
  expect(sliceLines(report, 80)).toEqual([
    '',
    'device    rows  click AUC      is  predicted  genre accuracy',
    'phone    1,200     0.8000  0.3000     0.2543          0.5000',
    'missing     10     0.7000  0.3000     0.2543          0.5000',
    '',
    note,
  ]);
  expect(sliceLines(report, 59)).toEqual([
    '',
    'device    rows  with label  click AUC      is  predicted',
    'phone    1,200          20     0.8000  0.3000     0.2543',
    'missing     10          10     0.7000  0.3000     0.2543',
    '',
    'device    rows  with label  genre accuracy',
    'phone    1,200          20          0.5000',
    'missing     10          10          0.5000',
    '',
    note,
  ]);
});
