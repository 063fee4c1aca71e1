import { expect, it } from 'vitest';
import { labelled } from './curves-overlay.js';
import type { Role, Series } from './curves.js';

it('a line is named at the end of its mean, however far a single seed has come', () => {
  const line = (at: number, role: Role, end: number): Series => ({
    ...{ line: at, role, raw: [], y: [] },
    x: [0, end],
  });
  const series = [
    ...[line(0, 'seed', 9), line(0, 'main', 4), line(0, 'seed', 8)],
    ...[line(1, 'train', 9), line(1, 'main', 9)],
    ...[line(2, 'seed', 3)],
  ];
  const curves = { metric: 'auc', axis: 'epoch' as const, series, best: [], xMax: null };
  expect(labelled({ curves, lit: null }).map(({ line: its, role }) => [its, role])).toEqual([
    [0, 'main'],
    [1, 'main'],
    [2, 'seed'],
  ]);
});
