import { describe, expect, it } from 'vitest';
import { mixedTasks, twoTasks } from '../../../test/webview/made-run.fixture.js';
import { taskFacts } from './task-facts.js';

describe('a task', () => {
  it('is described by its labels', () => {
    expect([...twoTasks.slice(0, 1), ...mixedTasks.slice(1)].map((task) => taskFacts(task))).toEqual([
      'binary · 6.2 % positive',
      'multiclass · 4 classes',
      'regression · mean 84.3 ± 31.9',
    ]);
  });

  it('names its positive value, and says that rows without its label train the others', () => {
    const task = { name: 'status', kind: 'binary', positive: 0.25, classes: ['stays', 'churned'] } as const;
    const labels = { train: 30, validation: 5, test: 0 };
    const rows = { train: 120, validation: 5, test: 0 };
    const told = { ...task, classes: [...task.classes], labels };
    expect(taskFacts(told, rows)).toBe('binary · 25.0 % positive (churned) · labels in 25.0 % of the rows');
    expect(taskFacts({ ...told, classes: ['0', '1'] }, { ...rows, train: 30 })).toBe(
      'binary · 25.0 % positive',
    );
  });
});
