import { describe, expect, it } from 'vitest';
import { mixedTasks, twoTasks } from '../../../test/webview/made-run.fixture.js';
import { taskFacts } from './task-facts.js';

describe('a task', () => {
  it('is described by its labels', () => {
    expect([...twoTasks.slice(0, 1), ...mixedTasks.slice(1)].map(taskFacts)).toEqual([
      'binary · 6.2 % positive',
      'multiclass · 4 classes',
      'regression · mean 84.3 ± 31.9',
    ]);
  });
});
