import { describe, expect, it } from 'vitest';
import { experimentDescription } from './experiment-description.js';
import { exampleRun } from '../runs/example-run.fixture.js';

describe('an experiment in words', () => {
  it('says that it trains before anything else', () => {
    const runs = [exampleRun({ status: 'finished', auc: [0.9, 0.8] }), exampleRun({ status: 'running' })];
    expect(experimentDescription(runs)).toBe('training');
    expect(experimentDescription([...runs, exampleRun({ status: 'queued' })])).toBe('2 runs training');
  });

  it('says how its last run went, and nothing before there is one', () => {
    expect(
      experimentDescription([
        exampleRun({ status: 'finished', auc: [0.9, 0.8] }),
        exampleRun({ status: 'failed' }),
      ]),
    ).toBe('income AUC 0.9000 · marital 0.8000');
    expect(experimentDescription([exampleRun({ status: 'failed' })])).toBe('failed');
    expect(experimentDescription([])).toBe('');
  });
});
