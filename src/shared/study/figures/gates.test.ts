import { expect, it } from 'vitest';
import { paperLook, svgFile } from '../../figures/figure.js';
import type { StudyLine } from '../line.js';
import { gatesFigure, gatesTable, hasGates } from './gates.js';

const line = (seed: number, mean: number[] | null): StudyLine => ({
  ...{ key: `k${seed}`, settings: {}, seed, isTrial: false, kinds: {}, status: 'finished' },
  ...{ validation: null, test: null, bestEpoch: null, epochs: 0, parameters: 0, seconds: 0 },
  curves: { epochs: [], train: {}, validation: {} },
  ...(mean !== null && {
    gates: { click: { mean, largest: Math.max(...mean) }, like: { mean, largest: 1 } },
  }),
  engine: { name: '', target: '', threads: 1 },
  ...{ fingerprint: '', version: '' },
});
const combinations = [
  { settings: { variant: 'omoe' }, lines: [line(1, null)] },
  { settings: { variant: 'mmoe' }, lines: [line(1, [0.1, 0.9]), line(2, [0.7, 0.3])] },
];

it('gates of several runs are told by weight, those of one by expert', () => {
  expect(hasGates(combinations)).toBe(true);
  expect(hasGates(combinations.slice(0, 1))).toBe(false);
  const near = (value: number) => expect.closeTo(value, 9) as number;
  expect(gatesTable(combinations, 'mean').rows.slice(0, 2)).toEqual([
    ['mmoe', 'click', '1', near(0.8), near(Math.sqrt(0.02)), 2],
    ['mmoe', 'click', '2', near(0.2), near(Math.sqrt(0.02)), 2],
  ]);
  expect(gatesTable(combinations, 'run').rows.slice(0, 2)).toEqual([
    ['mmoe', 'click', '1', 0.1, null, 1],
    ['mmoe', 'click', '2', 0.9, null, 1],
  ]);
});

it('they are drawn as a panel for each task, whose bars lead to the run where it is one', () => {
  const { marks, shapes } = gatesFigure(combinations, 'run', 700, paperLook);
  expect(marks.map(({ run }) => run)).toEqual(Array(4).fill('k1'));
  expect(
    shapes.filter(({ tag }) => tag === 'rect').map(({ attributes }) => Number(attributes['height']) > 0),
  ).toEqual(Array(4).fill(true));
  const mean = gatesFigure(combinations, 'mean', 700, paperLook);
  expect(mean.marks.every(({ run }) => run === null)).toBe(true);
  const svg = svgFile(mean, paperLook);
  for (const text of ['>gate of click<', '>gate of like<', '>mean weight, test rows<'])
    expect(svg).toContain(text);
  expect(svg).not.toContain('NaN');
});
