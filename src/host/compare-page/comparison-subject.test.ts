import { describe, expect, it, vi } from 'vitest';
import { RunStore } from '../../run/store/store.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import type { ReadableRun } from '../runs/run-collection.js';
import { exampleRun } from '../runs/example-run.fixture.js';
import { runsOfSubject, subjectOf } from './comparison-subject.js';

vi.mock('vscode', async () => (await import('../editor/fake-vscode.fixture.js')).fakeVscode());

const store = new RunStore('/films/.mmoe/runs');
const run = (id: string, fields: Partial<RunManifest> = {}): ReadableRun => ({
  entry: exampleRun({ id, ...fields }),
  store,
  workspace: '/films',
});
const all = { id: 'all', name: 'census: all variants' };
const folder = (id: string): string => `/films/.mmoe/runs/${id}`;

describe('what is compared', () => {
  const runs = [run('c', { comparison: all }), run('b', { comparison: all }), run('a')];

  it('is the comparison, with all that joins it later, where its runs were chosen', () => {
    const subject = subjectOf(runs.slice(0, 2), runs);
    expect(subject).toEqual({
      folders: [],
      comparison: { id: 'all', runsFolder: '/films/.mmoe/runs' },
      title: 'census: all variants',
    });
    const later = [run('d', { comparison: all }), ...runs];
    expect(runsOfSubject(subject, later).map(({ entry }) => entry.id)).toEqual(['b', 'c', 'd']);
  });

  it('is just the runs that were chosen, of a part of it or of several', () => {
    for (const chosen of [runs.slice(0, 1), [runs[0]!, runs[2]!]]) {
      const subject = subjectOf(chosen, runs);
      expect(subject.comparison).toBeNull();
      expect(runsOfSubject(subject, runs)).toHaveLength(chosen.length);
    }
  });

  it('is called by the experiment that all are of', () => {
    expect(subjectOf([runs[0]!, runs[2]!], runs).title).toBe('Compare census');
    expect(subjectOf([runs[2]!, run('x', { experimentFile: 'films.mmoe.json' })], runs).title).toBe(
      'Compare 2 runs',
    );
    expect(subjectOf([runs[2]!], runs).folders).toEqual([folder('a')]);
  });
});
