import { describe, expect, it } from 'vitest';
import { RunHistory } from '../../../src/shared/run/run-history.js';
import { constant, historyOf, level, made, network } from '../made-history.fixture.js';
import { buildDrift, driftTable, epochColumns } from './drift-data.js';

describe('gates over training', () => {
  it('have a weight for every stream, expert and epoch', () => {
    const { history, network } = made();
    const drift = buildDrift(history, network, 0)!;
    expect([drift.epochs.length, drift.streams.length, drift.streams[0]!.weights.length]).toEqual([14, 2, 8]);
    expect(drift.streams[0]!.weights[0]![0]).toBeCloseTo(1 / 8);
    expect(drift.largest).toBe(Math.max(...drift.streams.flatMap(({ weights }) => weights.flat())));
    expect(driftTable(drift, { task: 'task', expert: 'expert', epoch: 'epoch' }).rows).toHaveLength(16);
  });

  it('come from the mean weights of a long run, and go on with its events', () => {
    const all = historyOf(...[0, 1, 2, 3].map((epoch) => [constant(epoch, 1), constant(2, epoch)]));
    const two = network('mmoe', level({}));
    const known = new RunHistory();
    known.add(all.routes);
    known.routes.splice(0, 2);
    const weights = Float64Array.of(0, 1, 2, 0, 1, 1, 2, 1, 2, 1, 2, 2);
    known.means = [{ level: 0, streams: 2, experts: 2, epochs: Float64Array.of(0, 1, 2), weights }];
    expect(buildDrift(known, two, 0)).toEqual(buildDrift(all, two, 0));
  });

  it('merge epochs into columns that end with the last', () => {
    expect(epochColumns(3, 10)).toEqual([0, 1, 2]);
    expect(epochColumns(200, 50)).toHaveLength(50);
    expect(epochColumns(200, 50).at(-1)).toBe(199);
    expect(epochColumns(0, 50)).toEqual([]);
  });
});

describe('experts with the same weights', () => {
  const modules = level({ experts: 6, routes: 'path', sameWeights: [0, 1, 2, 0, 1, 2] });
  const pathnet = network('pathnet', modules);

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
