import { describe, expect, it } from 'vitest';
import { experimentDescription } from './experiment-description.js';
import { exampleRun } from '../runs/example-run.fixture.js';

const ofRows = (source: string) => ({ experiment: { data: { source } } });

describe('an experiment in words', () => {
  it('says that it trains before anything else', () => {
    const runs = [exampleRun({ status: 'finished', auc: [0.9, 0.8] }), exampleRun({ status: 'running' })];
    expect(experimentDescription(runs)).toBe('training');
    expect(experimentDescription([...runs, exampleRun({ status: 'queued' })])).toBe('2 runs training');
  });

  it('says the best of each task over all runs of the newest rows, whichever came last, and of which part', () => {
    expect(
      experimentDescription([
        exampleRun({ status: 'failed' }),
        exampleRun({ status: 'finished', auc: [0.9, 0.7] }),
        exampleRun({ status: 'finished', auc: [0.85, 0.8] }),
      ]),
    ).toBe('best validation: income AUC 0.9000 · marital 0.8000');
    expect(
      experimentDescription([
        exampleRun({ status: 'finished', auc: [0.9, 0.7], ...ofRows('new.csv') }),
        exampleRun({ status: 'finished', auc: [0.99, 0.8], ...ofRows('old.csv') }),
        exampleRun({ status: 'finished', auc: [0.8, 0.75], ...ofRows('new.csv') }),
      ]),
    ).toBe('best validation: income AUC 0.9000 · marital 0.7500');
    expect(experimentDescription([exampleRun({ status: 'failed' })])).toBe('failed');
    expect(experimentDescription([])).toBe('');
  });
});
