import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunHistory } from '../../src/shared/run/run-history.js';
import type { EventOf } from '../../src/shared/run/run-events.js';
import type { RunManifest } from '../../src/shared/run/run-manifest.js';
import { buildRunCurves, runCurvesTable, hasLossWeights } from '../run/model/run-curves.js';
import { lossWeight } from './curves/curve-metrics.js';
import { buildDrift, driftTable } from './gates/drift-data.js';
import { layoutViolins } from './gates/violin-layout.js';
import { layoutNetwork } from './network/network-layout.js';
import {
  columnLabels,
  columnName,
  columnRowLabel,
  columnRuns,
  expertColumns,
  type Level,
} from './routes/expert-columns.js';
import { firstLevel, levelNames, routeKind } from './routes/route-kind.js';
import { buildRoutes } from './routes/routes-data.js';
import { routesTable } from './routes/routes-tables.js';

const streams = [
  { name: 'income', task: 0 },
  { name: 'age', task: 1 },
];
const level = (more: Partial<Level>): Level => ({ experts: 2, width: 4, routes: 'gate', streams, ...more });
const network = (variant: string, ...levels: Level[]): NonNullable<RunManifest['network']> => ({
  variant,
  levels,
});
type Stream = EventOf<'routes'>['groups'][number]['streams'][number];

/** Of level 0, an epoch for each list of streams. */
function historyOf(...epochs: Stream[][]): RunHistory {
  const history = new RunHistory();
  history.add(
    epochs.map((each, epoch) => ({
      ...{ type: 'routes' as const, seq: epoch + 1, time: epoch, step: epoch, epoch, level: 0 },
      groups: [{ where: null, rows: 10, streams: each }],
    })),
  );
  return history;
}
const constant = (...mean: number[]): Stream => ({ mean, sd: mean.map(() => 0) });
const latest = { level: 0, group: '', epoch: null };
const words = { expert: 'expert', weight: 'weight', mean: 'mean', sd: 'SD', load: 'load' };

describe('experts of their own', () => {
  const cgc = level({ experts: 5, expertNames: ['income 1', 'income 2', 'age 1', 'shared 1', 'shared 2'] });

  it('are marked with their task and grouped, the shared ones without a colour', () => {
    const columns = expertColumns(cgc);
    expect(columns.map(({ task }) => task)).toEqual([0, 0, 1, null, null]);
    expect(columnRuns(columns, 16).map(({ first, last, name }) => [first, last, name])).toEqual([
      [0, 1, 'income'],
      [2, 2, 'age'],
      [3, 4, 'shared'],
    ]);
    expect(columnRuns(columns, 2).map(({ first, last }) => [first, last])).toEqual([
      [0, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
  });

  it('are called by their names where these all fit, and else by their numbers', () => {
    const columns = expertColumns(cgc);
    expect(columnLabels(columns, 60)[1]).toBe('income 2');
    expect(columnLabels(columns, 45)).toEqual(['1', '2', '1', '1', '2']);
    expect(columns.map(columnName)).toEqual(['income 1', 'income 2', 'age 1', 'shared 1', 'shared 2']);
    expect([columnRowLabel(columns[1]!, 60), columnRowLabel(columns[1]!, 45)]).toEqual([
      'income 2',
      'inco… 2',
    ]);
    const named = expertColumns(level({ experts: 1, expertNames: ['never married'] }));
    expect([columnLabels(named, 50), columnLabels(named, 20)]).toEqual([['never m…'], ['1']]);
  });

  it('are a network per task where each is called as a task, even one that ends with a number', () => {
    const numbered = [
      { name: 'task 1', task: 0 },
      { name: 'task 2', task: 1 },
    ];
    const columns = expertColumns(level({ streams: numbered, expertNames: ['task 1', 'task 2'] }));
    expect(columns.map(({ task, group }) => [task, group])).toEqual([
      [0, null],
      [1, null],
    ]);
  });

  it('have numbers where they have no names', () => {
    expect(
      expertColumns(level({ expertNames: ['1', '2'] })).map((column) => [column.name, columnName(column)]),
    ).toEqual([
      [null, 1],
      [null, 2],
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

  it('are one row of the weights over training', () => {
    const drift = buildDrift(
      historyOf([constant(1, 0, 0, 0, 0, 0), constant(0, 0, 0, 0, 0, 1)]),
      pathnet,
      0,
    )!;
    expect(drift.streams.map(({ weights }) => weights)).toEqual([
      [[1], [0], [0]],
      [[0], [0], [1]],
    ]);
  });
});

describe('weights that are no shares', () => {
  const stitches = network('cross-stitch', level({ routes: 'constants', expertNames: ['income', 'age'] }));

  it('keep their sign, and colours go as far as the largest by size', () => {
    const drift = buildDrift(
      historyOf([constant(0.9, 0.1), constant(0.1, 0.9)], [constant(0.8, -1.2), constant(0.3, 1)]),
      stitches,
      0,
    )!;
    expect([drift.largest, drift.isSigned]).toEqual([1.2, true]);
    expect(driftTable(drift, { task: 'task', expert: 'expert', epoch: 'epoch' }).rows[1]).toEqual([
      'income',
      'age',
      0.1,
      -1.2,
    ]);
  });

  it('go one way from 0 where none is negative', () => {
    const drift = buildDrift(historyOf([constant(0.9, 0.1), constant(0.1, 0.9)]), stitches, 0)!;
    expect([drift.largest, drift.isSigned]).toEqual([0.9, false]);
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

  it('have room for their bars below the plot', () => {
    const [plain, loaded] = [false, true].map((has) =>
      layoutViolins(8, 2, 540, { grouped: true, loaded: has }),
    );
    expect(loaded!.rowHeight).toBeGreaterThan(plain!.rowHeight);
    expect([plain!.loads, loaded!.loads! > 0]).toEqual([null, true]);
  });
});

describe('levels', () => {
  const bottom = level({
    experts: 1,
    routes: 'fixed',
    streams: [{ name: 'bottom', task: null }],
    expertNames: ['bottom'],
  });
  const factor = (name: string, more: Partial<Level>) =>
    level({ expertNames: [name, name], sameWeights: [0, 0], routes: 'fixed', ...more });

  it('of their kind are counted apart from a bottom', () => {
    const ple = network('ple', bottom, level({}), level({}));
    expect(levelNames(ple)).toEqual([
      { name: 'bottom', number: 1, of: 0 },
      { name: null, number: 1, of: 2 },
      { name: null, number: 2, of: 2 },
    ]);
    expect(firstLevel(ple)).toBe(2);
  });

  it('of a factorised layer are called by what they hold', () => {
    const core = level({ routes: 'constants', expertNames: ['factor 1', 'factor 2'] });
    const tucker = network('tensor-factorization', factor('U1', {}), core, factor('U2', {}));
    expect(levelNames(tucker).map(({ name }) => name)).toEqual(['U1', 'factor', 'U2']);
    expect([firstLevel(tucker), routeKind(tucker, core), routeKind(network('cross-stitch'), core)]).toEqual([
      1,
      'factor',
      'stitch',
    ]);
    expect(firstLevel(network('single-task', level({ routes: 'fixed' })))).toBe(0);
  });
});

it('boxes as wide as their names neither overlap nor leave the picture', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 280, max: 1200 }),
      fc.integer({ min: 0, max: 200 }),
      (count, width, label) => {
        const { experts, height } = layoutNetwork(2, count, width, { label, foot: 20 });
        for (const [index, a] of experts.entries()) {
          expect(a.x >= 0 && a.x + a.width <= width + 0.01 && a.y + a.height + 20 <= height).toBe(true);
          for (const b of experts.slice(index + 1))
            expect(a.x + a.width <= b.x + 0.01 || a.y + a.height + 20 <= b.y + 0.01).toBe(true);
        }
      },
    ),
  );
});

describe('loss weights', () => {
  const tasks = streams.map(({ name }) => ({ name, kind: 'binary' as const }));
  const history = new RunHistory();
  history.add(
    [undefined, { income: 0.5, age: 1.5 }, { income: 0.4, age: 1.6 }].map((lossWeights, epoch) => ({
      ...{
        type: 'epoch' as const,
        seq: epoch + 1,
        time: epoch,
        step: epoch,
        epoch,
        train: {},
        validation: null,
        rowsPerSecond: null,
        best: false,
      },
      ...(lossWeights && { lossWeights }),
    })),
  );

  it('are a curve for each task, unknown where no epoch tells them', () => {
    const curves = buildRunCurves(history, tasks, { metric: lossWeight, axis: 'epoch', smoothing: 0 });
    expect(curves.series.map(({ role, x, y }) => [role, x, y])).toEqual([
      ['main', [0, 1, 2], [null, 0.5, 0.4]],
      ['main', [0, 1, 2], [null, 1.5, 1.6]],
    ]);
    expect([curves.best, curves.without]).toEqual([[], []]);
    expect(runCurvesTable(curves, tasks, 0, { smoothed: 'smoothed' }).columns).toEqual([
      'epoch',
      'income loss weight',
      'age loss weight',
    ]);
  });

  it('are offered only where there are any', () => {
    expect([hasLossWeights(history), hasLossWeights(new RunHistory())]).toEqual([true, false]);
  });
});
