import { expect, it } from 'vitest';
import { runStatuses } from './run-manifest.js';
import { hasDiverged, isLive } from './run-status.js';

it('a run is live while it waits and while it trains', () => {
  expect(runStatuses.filter((status) => isLive({ status }))).toEqual(['queued', 'running']);
});

it('only a failed run has diverged, whatever error a resumed one still carries', () => {
  const diverged = { error: { code: 'training.diverged', message: '' } };
  expect(hasDiverged({ manifest: diverged, status: 'failed' })).toBe(true);
  expect(hasDiverged({ manifest: diverged, status: 'running' })).toBe(false);
  expect(hasDiverged({ manifest: { error: { code: 'other', message: '' } }, status: 'failed' })).toBe(false);
  expect(hasDiverged({ manifest: { error: null }, status: 'failed' })).toBe(false);
});
