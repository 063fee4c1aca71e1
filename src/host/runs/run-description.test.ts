import { describe, expect, it } from 'vitest';
import { exampleRun } from './example-run.fixture.js';
import { metricsText, runDescription, shortMetricsText } from './run-description.js';
import { secondsToGo } from '../../shared/run/training-progress.js';
import { trainingProgressText, timeLeftText } from './run-progress-text.js';
import { hasDiverged } from '../../shared/run/run-status.js';

describe('a run in words', () => {
  it('says the epoch that is being trained and the share of steps that are done', () => {
    expect(trainingProgressText(exampleRun({ status: 'running', step: 1240 }))).toBe('epoch 13 of 20 · 62 %');
  });

  it('stays in the last epoch when every step is done', () => {
    expect(trainingProgressText(exampleRun({ status: 'running', step: 2000 }))).toBe(
      'epoch 20 of 20 · 100 %',
    );
  });

  it('is starting before there is a first event', () => {
    expect(trainingProgressText(exampleRun({ status: 'running' }))).toBe('starting');
  });

  it('foretells the end from the speed so far, and nothing before the first step', () => {
    const run = exampleRun({ status: 'running', step: 1250 });
    expect(secondsToGo(run.progress)).toBeCloseTo(15, 10);
    expect(timeLeftText(run)).toBe('0:15 left');
    expect(timeLeftText(exampleRun({ status: 'running', step: 0 }))).toBeNull();
  });

  it('names a metric once as long as it stays the same', () => {
    expect(metricsText(exampleRun({ auc: [0.94213, 0.99301] }).manifest)).toBe(
      'validation: income AUC 0.9421 · marital 0.9930',
    );
  });

  it('shows a dash for a metric that a task does not have yet', () => {
    const { manifest } = exampleRun({ auc: [0.9, 0.9] });
    const other = {
      ...manifest,
      tasks: [...manifest.tasks, { name: 'minutes', kind: 'regression' as const }],
    };
    expect(metricsText(other)).toBe('validation: income AUC 0.9000 · marital 0.9000 · minutes R² –');
  });

  it('is as short as can be in the tree, with all tasks', () => {
    const { manifest } = exampleRun({ auc: [0.94213, 0.99301] });
    expect(shortMetricsText(manifest)).toBe('val AUC .9421 · .9930');
    const tasks = [...manifest.tasks, { name: 'minutes', kind: 'regression' as const }];
    expect(shortMetricsText({ ...manifest, tasks })).toBe('val AUC .9421 · .9930 · R² –');
    expect(shortMetricsText(exampleRun().manifest)).toBe('');
  });

  it('leaves out tasks beyond the third', () => {
    const { manifest } = exampleRun({ auc: [0.9, 0.9] });
    const tasks = ['a', 'b', 'c', 'd'].map((name) => ({ name, kind: 'binary' as const }));
    expect(metricsText({ ...manifest, tasks })).toBe('validation: a AUC – · b – · c – …');
  });

  it('stands beside the name as what matters in each status', () => {
    expect(runDescription(exampleRun({ status: 'queued' }))).toBe('queued');
    expect(runDescription(exampleRun({ status: 'running', step: 100, auc: [0.9, 0.8] }))).toBe(
      'epoch 2 of 20 · 5 % · validation: income AUC 0.9000 · marital 0.8000',
    );
    expect(runDescription(exampleRun({ status: 'finished', auc: [0.9, 0.8] }))).toBe(
      'validation: income AUC 0.9000 · marital 0.8000',
    );
    expect(runDescription(exampleRun({ status: 'finished' }))).toBe('finished');
    expect(runDescription(exampleRun({ status: 'stopped', auc: [0.9, 0.8] }))).toBe(
      'stopped · validation: income AUC 0.9000 · marital 0.8000',
    );
    expect(runDescription(exampleRun({ status: 'interrupted' }))).toBe('interrupted');
    expect(
      runDescription(
        exampleRun({ status: 'failed', error: { code: 'x', message: 'the loss is not finite' } }),
      ),
    ).toBe('failed: the loss is not finite');
  });

  it('has diverged where that is why it failed', () => {
    const diverged = (code: string, status: 'failed' | 'running' = 'failed') =>
      hasDiverged(exampleRun({ status, error: { code, message: '' } }));
    expect([
      diverged('training.diverged'),
      diverged('training.failed'),
      diverged('training.diverged', 'running'),
    ]).toEqual([true, false, false]);
  });
});
