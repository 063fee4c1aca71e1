import { describe, expect, it } from 'vitest';
import type { ComparedRun } from '../messages/compare-protocol.js';
import { madeComparison } from '../../../test/webview/made-comparison.fixture.js';
import { overviewOf } from './overview.js';

const comparison = { id: 'all', name: 'all', estimatedSeconds: 60 };

describe('how far a comparison is', () => {
  it('is the mean of its runs, those that have ended done', () => {
    const status = (index: number) => (['finished', 'failed', 'running', 'queued'] as const)[index]!;
    const overview = overviewOf(madeComparison({ seeds: 1, status }));
    expect(overview.share).toBeCloseTo(2.5 / 4);
    expect(Object.fromEntries(overview.counts)).toEqual({ finished: 1, failed: 1, running: 1, queued: 1 });
  });

  it('says the time left from the speed so far, as many at once as train now', () => {
    const run = (status: ComparedRun['status'], step: number) => {
      const [made] = madeComparison({ variants: ['mmoe'], seeds: 1, status: () => status });
      return { ...made!, progress: status === 'running' ? { step, steps: 100, seconds: step / 10 } : null };
    };
    expect(overviewOf([run('running', 50)]).secondsLeft).toBeCloseTo(5);
    expect(overviewOf([run('running', 50), run('queued', 0)]).secondsLeft).toBeCloseTo(15);
    expect(overviewOf([run('running', 50), run('running', 50), run('queued', 0)]).secondsLeft).toBeCloseTo(
      10,
    );
    expect(overviewOf([run('queued', 0)]).secondsLeft).toBeNull();
    const expected = { ...run('queued', 0), manifest: { ...run('queued', 0).manifest, comparison } };
    const begun = { ...expected, status: 'running' as const };
    expect(overviewOf([expected, begun]).secondsLeft).toBe(60);
    expect(overviewOf([expected, run('queued', 0)]).secondsLeft).toBeNull();
    expect(overviewOf([]).share).toBe(0);
  });
});
