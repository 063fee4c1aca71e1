import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runStatuses } from '../../shared/run/run-manifest.js';
import {
  arrangeRuns,
  filterText,
  groupByExperiment,
  noFilter,
  sortableTasks,
  type Arrangeable,
  type RunArrangement,
} from './runs-arrangement.js';
import { exampleRun } from '../runs/example-run.fixture.js';

const flat: RunArrangement = { grouped: false, order: { by: 'time' }, filter: noFilter };
const run = (id: string, fields: Parameters<typeof exampleRun>[0] = {}): Arrangeable => ({
  workspace: '/films',
  entry: exampleRun({ id, name: id, ...fields }),
});
const unreadable = (id: string): Arrangeable => ({
  workspace: '/films',
  entry: { state: 'unreadable', id, folder: `/films/.mmoe/runs/${id}`, reason: 'torn' },
});
const ids = (runs: readonly Arrangeable[]): string[] => runs.map(({ entry }) => entry.id);

describe('the order of runs', () => {
  it('keeps the newest first, starred ones on top', async () => {
    expect(ids(await arrangeRuns([run('c'), run('b', { starred: true }), run('a')], flat))).toEqual([
      'b',
      'c',
      'a',
    ]);
  });

  it('sorts names as people count', async () => {
    expect(
      ids(await arrangeRuns([run('run 10'), run('run 2'), run('Run 1')], { ...flat, order: { by: 'name' } })),
    ).toEqual(['Run 1', 'run 2', 'run 10']);
  });

  it('puts the best metric of a task first, and runs without it last', async () => {
    const runs = [
      unreadable('x'),
      run('none'),
      run('low', { auc: [0.7, 0.99] }),
      run('high', { auc: [0.9, 0.5] }),
    ];
    expect(ids(await arrangeRuns(runs, { ...flat, order: { by: 'metric', task: 'income' } }))).toEqual([
      'high',
      'low',
      'x',
      'none',
    ]);
    expect(ids(await arrangeRuns(runs, { ...flat, order: { by: 'metric', task: 'marital' } }))).toEqual([
      'low',
      'high',
      'x',
      'none',
    ]);
  });

  it('offers the main metric of every task that some run has', async () => {
    expect(sortableTasks([run('a'), run('b', { auc: [0.7, 0.9] })])).toEqual([
      { task: 'income', label: 'AUC' },
      { task: 'marital', label: 'AUC' },
    ]);
  });

  it('neither loses nor doubles a run', async () => {
    const anyRun = fc.record({
      id: fc.string({ minLength: 1, maxLength: 4 }),
      starred: fc.boolean(),
      status: fc.constantFrom(...runStatuses),
      auc: fc.option(
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
        { nil: undefined },
      ),
    });
    const anyOrder = fc.constantFrom<RunArrangement['order']>(
      { by: 'time' },
      { by: 'name' },
      { by: 'metric', task: 'income' },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyRun), anyOrder, async (fields, order) => {
        const runs = fields.map(({ id, auc, ...rest }) =>
          run(id, { ...rest, ...(auc !== undefined && { auc }) }),
        );
        const arranged = await arrangeRuns(runs, { ...flat, order });
        expect(new Set(arranged)).toEqual(new Set(runs));
        expect((await groupByExperiment(arranged)).flatMap((group) => group.runs)).toHaveLength(runs.length);
      }),
    );
  });
});

describe('the filter of runs', () => {
  const shown = async (filter: Partial<RunArrangement['filter']>, runs: Arrangeable[]): Promise<string[]> =>
    ids(await arrangeRuns(runs, { ...flat, filter: { ...noFilter, ...filter } }));

  it('finds every word, in any of name, experiment, tags, notes and variant', async () => {
    const runs = [
      run('a', { notes: 'Wide towers', tags: ['paper'] }),
      run('b', { notes: 'wide' }),
      unreadable('wide'),
    ];
    expect(await shown({ text: 'wide PAPER' }, runs)).toEqual(['a']);
    expect(await shown({ text: 'census' }, runs)).toEqual(['a', 'b']);
  });

  it('keeps the chosen statuses and stars', async () => {
    const runs = [
      run('a', { status: 'failed' }),
      run('b', { status: 'finished', starred: true }),
      run('c', { status: 'stopped' }),
    ];
    expect(await shown({ statuses: ['failed', 'stopped'] }, runs)).toEqual(['a', 'c']);
    expect(await shown({ starred: true }, runs)).toEqual(['b']);
  });

  it('shows runs that cannot be read only when nothing is asked for', async () => {
    expect(await shown({}, [unreadable('x')])).toEqual(['x']);
    expect(await shown({ starred: true }, [unreadable('x')])).toEqual([]);
  });

  it('is said in words', async () => {
    expect(filterText({ text: 'wide', statuses: ['failed', 'stopped'], starred: true })).toBe(
      'starred, failed or stopped, "wide"',
    );
  });
});

describe('groups of runs', () => {
  it('stand for an experiment of a folder, in the order of their first run', async () => {
    const groups = await groupByExperiment([
      run('a'),
      run('b', { experimentFile: null }),
      { ...run('c'), workspace: '/other' },
      run('d'),
    ]);
    expect(groups.map((group) => [group.workspace, group.experimentFile, ids(group.runs)])).toEqual([
      ['/films', 'census.mmoe.json', ['a', 'd']],
      ['/films', null, ['b']],
      ['/other', 'census.mmoe.json', ['c']],
    ]);
  });
});
