import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runStatuses } from '../../shared/run/run-manifest.js';
import {
  arrangeRuns,
  groupByExperiment,
  groupByValue,
  noFilter,
  restoreFilter,
  restoreGrouping,
  sortableTasks,
  type Arrangeable,
  type RunArrangement,
} from './runs-arrangement.js';
import { exampleRun } from '../runs/example-run.fixture.js';

const flat: RunArrangement = { group: { by: 'nothing' }, order: { by: 'time' }, filter: noFilter };
const run = (id: string, fields: Parameters<typeof exampleRun>[0] = {}): Arrangeable => ({
  workspace: '/films',
  entry: exampleRun({ id, name: id, ...fields }),
});
const unreadable = (id: string): Arrangeable => ({
  workspace: '/films',
  entry: { state: 'unreadable', id, folder: `/films/.mmoe/runs/${id}`, reason: 'torn' },
});
const nameOf = ({ entry }: Arrangeable): string => (entry.state === 'ok' ? entry.manifest.name : entry.id);
const arranged = (runs: Arrangeable[], arrangement: RunArrangement): Promise<Arrangeable[]> =>
  arrangeRuns(runs, arrangement, nameOf);
const ids = (runs: readonly Arrangeable[]): string[] => runs.map(({ entry }) => entry.id);

describe('the order of runs', () => {
  it('keeps the newest first, starred ones on top', async () => {
    expect(ids(await arranged([run('c'), run('b', { starred: true }), run('a')], flat))).toEqual([
      'b',
      'c',
      'a',
    ]);
  });

  it('sorts names as people count', async () => {
    expect(
      ids(await arranged([run('run 10'), run('run 2'), run('Run 1')], { ...flat, order: { by: 'name' } })),
    ).toEqual(['Run 1', 'run 2', 'run 10']);
  });

  it('puts the best metric of a task first, and runs without it last', async () => {
    const runs = [
      unreadable('x'),
      run('none'),
      run('low', { auc: [0.7, 0.99] }),
      run('high', { auc: [0.9, 0.5] }),
    ];
    expect(ids(await arranged(runs, { ...flat, order: { by: 'metric', task: 'income' } }))).toEqual([
      'high',
      'low',
      'x',
      'none',
    ]);
    expect(ids(await arranged(runs, { ...flat, order: { by: 'metric', task: 'marital' } }))).toEqual([
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
        const list = await arranged(runs, { ...flat, order });
        expect(new Set(list)).toEqual(new Set(runs));
        expect((await groupByExperiment(list)).flatMap((group) => group.runs)).toHaveLength(runs.length);
      }),
    );
  });
});

describe('the filter of runs', () => {
  const shown = async (query: string, runs: Arrangeable[]): Promise<string[]> =>
    ids(await arranged(runs, { ...flat, filter: { query } }));

  it('finds every word, in any of name, experiment, tags, notes and variant', async () => {
    const runs = [
      run('a', { notes: 'Wide towers', tags: ['paper'] }),
      run('b', { notes: 'wide' }),
      unreadable('wide'),
    ];
    expect(await shown('wide PAPER', runs)).toEqual(['a']);
    expect(await shown('census', runs)).toEqual(['a', 'b']);
  });

  it('is a query, with settings, statuses, tags and stars', async () => {
    const training = (learningRate: number) => ({ experiment: { training: { learningRate } } });
    const runs = [
      run('a', { status: 'failed', ...training(0.1) }),
      run('b', { status: 'finished', starred: true, ...training(0.001) }),
      run('c', { status: 'stopped', tags: ['keep'], ...training(0.001) }),
    ];
    expect(await shown('status = failed or status = stopped', runs)).toEqual(['a', 'c']);
    expect(await shown('starred = true', runs)).toEqual(['b']);
    expect(await shown('learningRate < .01 and tag = keep', runs)).toEqual(['c']);
  });

  it('leaves archived runs out, unless it asks for them', async () => {
    const runs = [run('a', { archived: true }), run('b')];
    expect(await shown('', runs)).toEqual(['b']);
    expect(await shown('archived = true', runs)).toEqual(['a']);
    expect(await shown('a or archived = true', runs)).toEqual(['a']);
  });

  it('shows all as long as it cannot be understood, and unreadable runs only by their id', async () => {
    expect(await shown('status =', [run('a'), unreadable('x')])).toEqual(['a']);
    expect(await shown('', [unreadable('x')])).toEqual(['x']);
    expect(await shown('x', [unreadable('x'), run('a')])).toEqual(['x']);
    expect(await shown('starred = true', [unreadable('x')])).toEqual([]);
  });

  it('of an older version is kept as a query', async () => {
    const query = (kept: unknown) => restoreFilter(kept).query;
    const older = { text: 'wide "and', statuses: ['failed', 'stopped'], starred: true };
    expect(query(older)).toBe('starred = true and (status = failed or status = stopped) and wide "and"');
    expect([query({ text: '', statuses: ['failed'], starred: false }), query({ query: 'a' })]).toEqual([
      'status = failed',
      'a',
    ]);
    expect([query(undefined), query({ text: 3 })]).toEqual(['', '']);
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

  it('stand for the same tags or a value of a setting, also for none', async () => {
    const rate = (learningRate: number) => ({ experiment: { training: { learningRate } } });
    const runs = [
      run('a', { ...rate(0.01), tags: ['keep', 'paper'] }),
      run('b', rate(0.1)),
      unreadable('c'),
      run('d', { ...rate(0.01), tags: ['keep'] }),
      run('e', { tags: ['keep'] }),
    ];
    const grouped = async (by: Parameters<typeof groupByValue>[1]) =>
      (await groupByValue(runs, by)).map(({ value, runs: its }) => [value, ids(its)]);
    expect(await grouped({ by: 'setting', path: 'training.learningRate' })).toEqual([
      [0.01, ['a', 'd']],
      [0.1, ['b']],
      [null, ['c', 'e']],
    ]);
    expect(await grouped({ by: 'tags' })).toEqual([
      ['keep, paper', ['a']],
      [null, ['b', 'c']],
      ['keep', ['d', 'e']],
    ]);
  });

  it('come back as they were kept, also by an older version', () => {
    const setting = { by: 'setting', path: 'training.learningRate' };
    expect(restoreGrouping({ group: setting })).toEqual(setting);
    expect(restoreGrouping({ grouped: false })).toEqual({ by: 'nothing' });
    for (const kept of [undefined, { grouped: true }, { group: { by: 'moon' } }])
      expect(restoreGrouping(kept)).toEqual({ by: 'experiment' });
  });
});
