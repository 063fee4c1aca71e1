import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunHistory } from '../../src/shared/run/run-history.js';
import type { EventOf } from '../../src/shared/run/run-events.js';
import { madeRun } from '../../test/webview/made-run.fixture.js';
import { toCsv } from '../ui/table-data.js';
import { panView, zoomView } from './curves/curves-view.js';
import { smooth } from './curves/smooth.js';
import { spreadLabels } from './curves/spread-labels.js';
import { buildDrift, epochColumns, driftTable } from './gates/drift-data.js';
import { cellAt, layoutDrift } from './gates/drift-drawing.js';
import { violinOutline, weightLimit } from './gates/violin-data.js';
import { layoutViolins, weightTicks } from './gates/violin-layout.js';
import { layoutNetwork } from './network/network-layout.js';
import { buildRoutes, groupKey } from './routes/routes-data.js';
import { expertsTable, routesTable } from './routes/routes-tables.js';

const latest = { level: 0, group: '', epoch: null };

function made(options: Parameters<typeof madeRun>[0] = {}) {
  const run = madeRun(options);
  const history = new RunHistory();
  history.add(run.events);
  return { history, network: run.manifest.network };
}

/** As long runs write most epochs. */
const meansOnly = (event: EventOf<'routes'>): EventOf<'routes'> => ({
  ...event,
  groups: event.groups
    .slice(0, 1)
    .map((group) => ({ ...group, streams: group.streams.map(({ mean, sd }) => ({ mean, sd })) })),
});

describe('smoothing', () => {
  it('keeps a constant line where it is', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -100, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (value, weight) => {
          for (const smoothed of smooth([value, value, value], weight))
            expect(smoothed).toBeCloseTo(value, 8);
        },
      ),
    );
  });

  it('leaves out what is not known', () => {
    expect(smooth([1, null, 1], 0.5)).toEqual([1, null, 1]);
  });
});

describe('labels at the ends of lines', () => {
  it('do not lie upon one another, keep their order and stay inside', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 20 }), (centres) => {
        const placed = spreadLabels(centres, 13, 0, 300);
        const sorted = centres
          .map((centre, index) => ({ centre, index, top: placed[index]! }))
          .sort((a, b) => a.centre - b.centre || a.index - b.index);
        for (let i = 1; i < sorted.length; i++)
          expect(sorted[i]!.top - sorted[i - 1]!.top).toBeGreaterThan(12.99);
        for (const top of placed) expect(top >= 6.49 && top <= 293.51).toBe(true);
      }),
    );
  });

  it('share the space where there is too little', () => {
    expect(spreadLabels([5, 5, 5], 13, 0, 26)).toEqual([6.5, 13, 19.5]);
  });
});

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

  it('have tables with a row for every expert', () => {
    const { history, network } = made();
    const routes = buildRoutes(history, network, latest)!;
    const words = {
      expert: 'expert',
      aliveUnits: 'alive',
      ofUnits: 'units',
      outputNorm: 'norm',
      nearestExpert: 'nearest',
      similarity: 'similarity',
    };
    const experts = expertsTable(routes, words);
    expect(experts.columns.slice(0, 5)).toEqual(['expert', 'income', 'never married', 'alive', 'units']);
    expect(experts.rows).toHaveLength(8);
    expect(experts.rows[5]!.slice(3)).toEqual([1, 16, 0.1, null, null]);
    expect(
      routesTable(routes, { expert: 'expert', weight: 'weight', mean: 'mean', sd: 'SD', load: 'load' })
        .columns[1],
    ).toBe('income mean');
  });
});

describe('violins', () => {
  it('are as wide as their densest bin and end where the rows end', () => {
    const outline = violinOutline([0, 0.25, 0.5, 0.25, 0]);
    expect(Math.max(...outline.map(({ width }) => width))).toBe(1);
    expect([outline[0]!.value, outline.at(-1)!.value]).toEqual([0.2, 0.8]);
    expect(violinOutline([0, 0])).toEqual([]);
  });

  it('have an axis that holds what is drawn, with few round gridlines', () => {
    const stream = { name: 'a', task: 0, mean: [0.4], sd: [0.05], distribution: null, load: null };
    expect(weightLimit([stream])).toBe(0.5);
    expect(weightTicks(0, 0.5)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(weightTicks(0, 1)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(weightTicks(-0.5, 0.5)).toEqual([-0.5, -0.25, 0, 0.25, 0.5]);
  });

  it('wrap into rows where they would be too narrow', () => {
    expect(layoutViolins(8, 2, 540).rows).toBe(1);
    const many = layoutViolins(64, 16, 540);
    expect(many.rows).toBe(4);
    expect(many.rows * many.perRow).toBeGreaterThanOrEqual(64);
  });
});

it('boxes of the network do not overlap and stay inside, whatever their number', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 16 }),
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 280, max: 1200 }),
      (streams, experts, width) => {
        const layout = layoutNetwork(streams, experts, width);
        const boxes = [...layout.streams, ...layout.experts];
        expect([layout.streams.length, layout.experts.length]).toEqual([streams, experts]);
        for (const [index, a] of boxes.entries()) {
          expect(a.x >= 0 && a.x + a.width <= width + 0.01 && a.y + a.height <= layout.height).toBe(true);
          for (const b of boxes.slice(index + 1)) {
            const apart =
              a.x + a.width <= b.x + 0.01 ||
              b.x + b.width <= a.x + 0.01 ||
              a.y + a.height <= b.y + 0.01 ||
              b.y + b.height <= a.y + 0.01;
            expect(apart).toBe(true);
          }
        }
      },
    ),
  );
});

describe('gates over training', () => {
  it('have a weight for every stream, expert and epoch', () => {
    const { history, network } = made();
    const drift = buildDrift(history, network, 0)!;
    expect([drift.epochs.length, drift.streams.length, drift.streams[0]!.weights.length]).toEqual([14, 2, 8]);
    expect(drift.streams[0]!.weights[0]![0]).toBeCloseTo(1 / 8);
    expect(drift.largest).toBe(Math.max(...drift.streams.flatMap(({ weights }) => weights.flat())));
    expect(driftTable(drift, { task: 'task', expert: 'expert', epoch: 'epoch' }).rows).toHaveLength(16);
  });

  it('merge epochs into columns that end with the last', () => {
    expect(epochColumns(3, 10)).toEqual([0, 1, 2]);
    expect(epochColumns(200, 50)).toHaveLength(50);
    expect(epochColumns(200, 50).at(-1)).toBe(199);
    expect(epochColumns(0, 50)).toEqual([]);
  });

  it('find the cell under the pointer', () => {
    const { history, network } = made();
    const drift = buildDrift(history, network, 0)!;
    const layout = layoutDrift(drift, 560);
    const { x, y } = layout.maps[1]!;
    expect(cellAt(layout, 8, x + 1.5 * layout.cellWidth, y + 2.5 * layout.cellHeight)).toEqual({
      stream: 1,
      expert: 2,
      column: 1,
    });
    expect(cellAt(layout, 8, 0, 0)).toBeNull();
  });
});

it('zooming keeps the place under the pointer, and panning the size', () => {
  const view = { x: [0, 20], y: [1, 100] } as const;
  expect(zoomView(view, 2, { x: 0.5, y: 0.5 }, false).x).toEqual([5, 15]);
  const logarithmic = zoomView(view, 2, { x: 0, y: 0 }, true);
  expect(logarithmic.y[0]).toBeCloseTo(1);
  expect(logarithmic.y[1]).toBeCloseTo(10);
  expect(panView(view, { x: 0.1, y: 0 }, false).x).toEqual([2, 22]);
});

it('CSV quotes what must be quoted and leaves unknown numbers empty', () => {
  expect(toCsv({ columns: ['a,b', 'say "x"'], rows: [[1.5, null]] })).toBe('"a,b","say ""x"""\n1.5,\n');
});
