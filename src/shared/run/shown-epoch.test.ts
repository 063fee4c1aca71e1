import { describe, expect, it } from 'vitest';
import { runStatuses } from './run-manifest.js';
import { lastOfLevel, shownEpoch } from './shown-epoch.js';

const summary = { bestEpoch: 12, bestEpochs: {}, validation: {}, test: null };

describe('the epoch that is shown', () => {
  it('is the best one once the run has ended, however it ended, and the latest until then', () => {
    const shown = Object.fromEntries(runStatuses.map((status) => [status, shownEpoch({ summary }, status)]));
    expect(shown).toEqual({
      queued: null,
      running: null,
      finished: 12,
      stopped: 12,
      failed: 12,
      interrupted: 12,
    });
  });

  it('is the latest where there is no best one', () => {
    expect(shownEpoch({ summary: null }, 'failed')).toBeNull();
    expect(shownEpoch({ summary: { ...summary, bestEpoch: null } }, 'finished')).toBeNull();
  });

  it('has the last event of its level, or the one before it', () => {
    const events = [0, 1, 2, 4].flatMap((epoch) => [0, 1].map((level) => ({ epoch, level })));
    expect(lastOfLevel(events, 1, null)).toEqual({ epoch: 4, level: 1 });
    expect(lastOfLevel(events, 0, 3)).toEqual({ epoch: 2, level: 0 });
    expect(lastOfLevel(events, 2, 3)).toBeUndefined();
  });
});
