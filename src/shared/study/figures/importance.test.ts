import { expect, it } from 'vitest';
import { paperLook, svgFile } from '../../figures/figure.js';
import type { SettingImportance } from '../importance.js';
import { dependenceFigure, dependenceTable, importanceFigure, importanceTable } from './importance.js';

const all: SettingImportance[] = [
  {
    setting: { label: 'variant', values: ['mmoe', 'omoe'], from: 0, to: 1, log: false, levels: [0, 1] },
    ...{ alone: 0.1, together: 0.2 },
    dependence: [
      { at: 0, mean: 0.5 },
      { at: 1, mean: 0.6 },
    ],
  },
  {
    setting: { label: 'rate', values: null, from: 0.001, to: 0.1, log: true, levels: null },
    ...{ alone: 0.7, together: 0.9 },
    dependence: [
      { at: 0, mean: 0.4 },
      { at: 0.5, mean: 0.8 },
      { at: 1, mean: 0.45 },
    ],
  },
];
const measure = { task: 'buys', metric: 'auc', split: 'test' } as const;

it('settings stand by their importance, each with what it makes alone and with others', () => {
  expect(importanceTable(all).rows).toEqual([
    ['rate', 0.7, 0.9],
    ['variant', 0.1, 0.2],
  ]);
  const figure = importanceFigure(all, 700, paperLook);
  const widths = figure.shapes.flatMap(({ tag, attributes }) =>
    tag === 'rect' ? [Number(attributes['width'])] : [],
  );
  expect(widths[1]! / widths[0]!).toBeCloseTo(7 / 9, 9);
  expect(widths[2]! / widths[0]!).toBeCloseTo(2 / 9, 9);
  expect(svgFile(figure, paperLook)).toContain('>share of the variance<');
});

it('dependence has numbers on their own scale, and values by name', () => {
  expect(dependenceTable(all, measure).rows.map(([, value]) => value)).toEqual([
    0.001,
    expect.closeTo(0.01, 9),
    0.1,
    'mmoe',
    'omoe',
  ]);
  const svg = svgFile(dependenceFigure(all, measure, 700, paperLook), paperLook);
  for (const text of ['>rate<', '>mmoe<', '>test AUC of buys<', '>0.01<']) expect(svg).toContain(text);
  expect(svg).not.toContain('NaN');
});
