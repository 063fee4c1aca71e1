import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/shared/run/run-events.js';
import { RunHistory } from '../../../src/shared/run/run-history.js';
import { madeRun } from '../../../test/webview/made-run.fixture.js';
import { buildDrift } from '../gates/drift-data.js';
import { constant, historyOf, latest, level, made, network } from '../made-history.fixture.js';
import { buildRoutes, groupKey } from './routes-data.js';
import { routesTable } from './routes-tables.js';

/** Leaves the means of all rows only, which is what long runs write for most epochs. */
const meansOnly = (event: EventOf<'routes'>): EventOf<'routes'> => ({
  ...event,
  groups: event.groups
    .slice(0, 1)
    .map((group) => ({ ...group, streams: group.streams.map(({ mean, sd }) => ({ mean, sd })) })),
});

const words = { expert: 'expert', weight: 'weight', mean: 'mean', sd: 'SD', load: 'load' };

describe('routes', () => {
  it('are those of the last epoch, of the rows that were chosen', () => {
    const { history, network } = made();
    const all = buildRoutes(history, network, latest)!;
    const key = groupKey({ task: 'income', label: '1' });
    const some = buildRoutes(history, network, { level: 0, group: key, epoch: null })!;
    expect([all.epoch, all.group?.where, some.group?.where]).toEqual([
      13,
      null,
      { task: 'income', label: '1' },
    ]);
    expect(some.streams[0]!.mean).not.toEqual(all.streams[0]!.mean);
    expect(all.streams[0]!.distribution![0]!.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
  });

  it('are those of the epoch that is asked for, and the experts, too', () => {
    const { history, network } = made();
    const fourth = buildRoutes(history, network, { ...latest, epoch: 4 })!;
    expect(fourth.epoch).toBe(4);
    expect(fourth.streams[0]!.mean).toEqual(
      history.routes.find(({ epoch }) => epoch === 4)!.groups[0]!.streams[0]!.mean,
    );
    expect(fourth.experts[0]!.norm).toBe(history.experts.find(({ epoch }) => epoch === 4)!.experts[0]!.norm);
  });

  it('are those of the last whole look before an epoch of which only the means were written', () => {
    const run = madeRun();
    const sparse = run.events.map((event) =>
      event.type === 'routes' && event.epoch % 5 > 0 ? meansOnly(event) : event,
    );
    const history = new RunHistory();
    history.add(sparse);
    const key = groupKey({ task: 'income', label: '1' });
    const routes = buildRoutes(history, run.manifest.network, { level: 0, group: key, epoch: 8 })!;
    expect([routes.epoch, routes.group?.key, routes.streams[0]!.distribution?.length]).toEqual([5, key, 8]);
    expect(buildDrift(history, run.manifest.network, 0)!.epochs).toHaveLength(14);
  });

  it('fall back to all rows where the chosen ones are not there', () => {
    const { history, network } = made();
    expect(buildRoutes(history, network, { level: 0, group: '["gone","1"]', epoch: null })?.group?.key).toBe(
      '',
    );
  });

  it('have no distribution where they do not depend on the row', () => {
    const { history, network } = made({ routes: 'constants' });
    expect(buildRoutes(history, network, latest)?.streams.map(({ distribution }) => distribution)).toEqual([
      null,
      null,
    ]);
  });

  it('are empty, with the experts already there, before the first epoch', () => {
    const { network } = made();
    const routes = buildRoutes(new RunHistory(), network, latest)!;
    expect([routes.epoch, routes.experts.length, routes.experts[0]!.alive]).toEqual([null, 8, null]);
    expect(buildRoutes(new RunHistory(), null, latest)).toBeNull();
  });

  it('call an expert dead whose units hardly live', () => {
    const { history, network } = made();
    expect(buildRoutes(history, network, latest)!.experts.map(({ dead }) => dead)).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
      false,
      false,
    ]);
  });
});

describe('experts with the same weights', () => {
  const modules = level({ experts: 6, routes: 'path', sameWeights: [0, 1, 2, 0, 1, 2] });
  const pathnet = network('pathnet', modules);

  it('are one column, whose weight for a task is that of the copy the task uses', () => {
    const history = historyOf([constant(1, 0, 1, 0, 0, 0), constant(0, 0, 0, 0, 1, 1)]);
    const routes = buildRoutes(history, pathnet, latest)!;
    expect(routes.experts.map(({ column }) => column.copies)).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    expect(routes.streams.map(({ mean }) => mean)).toEqual([
      [1, 0, 1],
      [0, 1, 1],
    ]);
    expect(routesTable(routes, words)).toEqual({
      columns: ['expert', 'income weight', 'age weight'],
      rows: [
        [1, 1, 0],
        [2, 0, 1],
        [3, 1, 1],
      ],
    });
  });

  it('have the health of their module, and its nearest is a column', () => {
    const history = historyOf([constant(1, 0, 1, 0, 0, 0), constant(0, 0, 0, 0, 1, 1)]);
    const state = (expert: number) => ({ alive: 4, units: 4, norm: 2, nearest: { expert, similarity: 0.5 } });
    const experts = [1, 0, 4, 1, 0, 4].map(state);
    history.add([{ type: 'experts', seq: 9, time: 0, step: 0, epoch: 0, level: 0, experts }]);
    const { experts: shown } = buildRoutes(history, pathnet, latest)!;
    expect(shown.map(({ nearest }) => nearest?.expert.number)).toEqual([2, 1, 2]);
  });
});

describe('gates that leave experts out', () => {
  it('have a load, and a distribution over the rows that have a weight', () => {
    const histogram = [
      [6, 2, 2, 0],
      [10, 0, 0, 0],
    ];
    const choosing = { mean: [0.2, 0], sd: [0.1, 0], histogram, load: [0.5, 0] };
    const plain = { mean: [0.2, 0], sd: [0.1, 0], histogram };
    const routes = buildRoutes(historyOf([choosing, plain]), network('mmoe', level({})), latest)!;
    expect(routes.streams.map(({ load }) => load)).toEqual([[0.5, 0], null]);
    expect(routes.streams[0]!.distribution).toEqual([
      [0.2, 0.4, 0.4, 0],
      [0, 0, 0, 0],
    ]);
    expect(routes.streams[1]!.distribution![0]).toEqual([0.6, 0.2, 0.2, 0]);
    expect(routesTable(routes, words).columns).toEqual([
      'expert',
      'income mean',
      'income SD',
      'income load',
      'age mean',
      'age SD',
    ]);
  });
});
