import { describe, expect, it } from 'vitest';
import { RunHistory } from '../../../src/shared/run/run-history.js';
import { shownRun } from '../shown-run.fixture.js';
import { progressText, shareDone } from './progress-text.js';

describe('the header', () => {
  it('says how far the run is and how long it takes', () => {
    const { history, manifest } = shownRun({ epochsDone: 12 });
    expect(progressText(history, manifest, 'running')).toBe(
      'epoch 13 of 20 · 0:22 gone, 0:15 left · 1.31 M rows/s',
    );
    expect(progressText(history, manifest, 'stopped')).toBe('12 of 20 epochs · took 0:22 · 1.31 M rows/s');
    expect(shareDone(history)).toBeCloseTo(0.6);
  });

  it('claims no time left before there is a step', () => {
    const { history, manifest } = shownRun({ epochsDone: 0 });
    expect(progressText(history, manifest, 'running')).not.toMatch(/left/);
    expect(shareDone(new RunHistory())).toBeNull();
  });
});
