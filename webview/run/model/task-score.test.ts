import { describe, expect, it } from 'vitest';
import { twoTasks } from '../../../test/webview/made-run.fixture.js';
import { shownRun } from '../shown-run.fixture.js';
import { taskScore } from './task-score.js';

describe('a task', () => {
  it('has the metric of the run’s best epoch, and its own best beside it', () => {
    const { history, manifest } = shownRun();
    const score = taskScore(twoTasks[1]!, history, manifest);
    const best = history.epochs.findLast((event) => event.best)!;
    expect(score).toMatchObject({
      metric: 'auc',
      epoch: best.epoch,
      validation: best.validation!['never married']!['auc'],
    });
    expect(score.own!.value).toBeGreaterThanOrEqual(score.validation!);
  });

  it('has a dash until there is a number', () => {
    const { history, manifest } = shownRun({ epochsDone: 0 });
    expect(taskScore(twoTasks[0]!, history, manifest)).toMatchObject({
      validation: null,
      own: null,
      test: null,
    });
  });
});
