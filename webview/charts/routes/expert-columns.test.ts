import { describe, expect, it } from 'vitest';
import { level } from '../made-history.fixture.js';
import { columnLabels, columnName, columnRowLabel, columnRuns, expertColumns } from './expert-columns.js';

describe('experts of their own', () => {
  const cgc = level({ experts: 5, expertNames: ['income 1', 'income 2', 'age 1', 'shared 1', 'shared 2'] });

  it('are marked with their task and grouped, the shared ones without a colour', () => {
    const columns = expertColumns(cgc);
    expect(columns.map(({ task }) => task)).toEqual([0, 0, 1, null, null]);
    expect(columnRuns(columns, 16).map(({ first, last, name }) => [first, last, name])).toEqual([
      [0, 1, 'income'],
      [2, 2, 'age'],
      [3, 4, 'shared'],
    ]);
    expect(columnRuns(columns, 2).map(({ first, last }) => [first, last])).toEqual([
      [0, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
  });

  it('are called by their names where these all fit, and else by their numbers', () => {
    const columns = expertColumns(cgc);
    expect(columnLabels(columns, 60)[1]).toBe('income 2');
    expect(columnLabels(columns, 45)).toEqual(['1', '2', '1', '1', '2']);
    expect(columns.map(columnName)).toEqual(['income 1', 'income 2', 'age 1', 'shared 1', 'shared 2']);
    expect([columnRowLabel(columns[1]!, 60), columnRowLabel(columns[1]!, 45)]).toEqual([
      'income 2',
      'inco… 2',
    ]);
    const named = expertColumns(level({ experts: 1, expertNames: ['never married'] }));
    expect([columnLabels(named, 50), columnLabels(named, 20)]).toEqual([['never m…'], ['1']]);
  });

  it('are a network per task where each is called as a task, even one that ends with a number', () => {
    const numbered = [
      { name: 'task 1', task: 0 },
      { name: 'task 2', task: 1 },
    ];
    const columns = expertColumns(level({ streams: numbered, expertNames: ['task 1', 'task 2'] }));
    expect(columns.map(({ task, group }) => [task, group])).toEqual([
      [0, null],
      [1, null],
    ]);
  });

  it('have numbers where they have no names', () => {
    expect(
      expertColumns(level({ expertNames: ['1', '2'] })).map((column) => [column.name, columnName(column)]),
    ).toEqual([
      [null, 1],
      [null, 2],
    ]);
  });
});
