import { describe, expect, it, vi } from 'vitest';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import {
  comparisonDescription,
  nameBelowExperiment,
  nameInComparison,
  statusOfComparison,
} from './comparison-text.js';
import { comparisonsOf, type HostComparison } from './comparisons.js';
import { exampleRun } from './example-run.fixture.js';

vi.mock('vscode', async () => (await import('../editor/fake-vscode.fixture.js')).fakeVscode());

const planned = { variants: ['mmoe', 'omoe'], seeds: [1, 2], threads: 1, fingerprint: 'f' };
const comparison = { id: 'c', name: 'census: mmoe, omoe', planned };

async function of(...fields: readonly Parameters<typeof exampleRun>[0][]): Promise<HostComparison> {
  const runs = fields.map((one, at) => ({
    workspace: '/films',
    store: null as never,
    entry: exampleRun({ id: String(at), ...settings(at), ...one, comparison }),
  }));
  return (await comparisonsOf(runs)).get('c')!;
}
const settings = (at: number): Partial<RunManifest> => ({
  seed: 1 + (at % 2),
  experiment: {
    name: 'census',
    training: { seed: 1 + (at % 2) },
    model: { variant: at < 2 ? 'mmoe' : 'omoe', experts: { count: 8 } },
  },
});
const finished = { status: 'finished' } as const;

describe('a comparison in words', () => {
  it('says how far it is while it trains, of all that are planned, and how long it still takes', async () => {
    const times = { created: '', started: null, ended: null, seconds: 40, rowsPerSecond: null };
    const one = await of({ ...finished, times }, { status: 'running', step: 1000 }, { status: 'queued' });
    expect(statusOfComparison(one)).toBe('running');
    expect(comparisonDescription(one)).toBe('1 of 4 runs · 50 % · about 1:00 left');
  });

  it('says what is missing once it has ended, and what has failed', async () => {
    const stopped = await of(finished, { status: 'stopped' });
    expect(statusOfComparison(stopped)).toBe('stopped');
    expect(comparisonDescription(stopped)).toBe('1 of 4 runs');
    const error = { code: 'training.diverged', message: '' };
    const whole = await of(finished, finished, finished, { status: 'failed', error });
    expect(statusOfComparison(whole)).toBe('failed');
    expect(comparisonDescription(whole)).toBe('4 runs · 1 failed');
  });

  it('has runs that are called by what tells them apart within it', async () => {
    const one = await of({ ...finished, name: 'census mmoe seed 1' }, { ...finished, name: 'the best' });
    expect(one.runs.map((run) => nameInComparison(run, one))).toEqual(['mmoe · seed 1', 'the best']);
  });

  it('is called by what tells it apart and by what it compares, unless a person has named it', async () => {
    const one = await of(finished, finished, finished);
    expect(nameBelowExperiment(one, ['model.variant', 'training.seed'])).toBe('mmoe, omoe × 2 seeds');
    expect(nameBelowExperiment(one, ['name', 'model.experts.count'])).toBe(
      'experts count 8 · mmoe, omoe × 2 seeds',
    );
    expect(nameBelowExperiment({ ...one, name: 'Baselines' }, [])).toBe('Baselines');
  });
});
