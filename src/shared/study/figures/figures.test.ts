import { describe, expect, it } from 'vitest';
import { madeStudy } from '../../../../test/webview/made-study.fixture.js';
import { paperLook, svgFile, type Figure } from '../../figures/figure.js';
import { scaleOf } from '../../figures/scale.js';
import type { StudyLine } from '../line.js';
import { combinationsOf, layoutOf, measureChoices, measured } from '../results.js';
import { axesOf, parallelFigure, parallelTable, settingFigure } from './parallel.js';
import { paretoFigure, paretoFront, paretoTable } from './scatter.js';
import { bands, curvesFigure, curvesTable, meanCurve } from './curves.js';
import { distributionFigure, distributionKinds, distributionTable } from './distribution.js';

const { record, lines } = madeStudy({ seeds: 4 });
const combinations = combinationsOf(record, lines);
const layout = layoutOf(record, combinations);
const measure = { task: null, metric: 'loss', split: 'test' } as const;

/** A figure as a file, which has nothing in it that a program could not draw. */
function file(figure: Figure): string {
  const text = svgFile(figure, paperLook);
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  for (const { x, y } of figure.marks) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(figure.width);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(figure.height);
  }
  return text;
}

describe('the results of a study', () => {
  it('are its planned trainings by combination, in the planned order, whatever order they came in', () => {
    const [first, ...others] = lines;
    const stray: StudyLine = { ...first!, key: 'of an older study', seed: 99 };
    const trial: StudyLine = { ...first!, key: record.planned![1]!, isTrial: true };
    const found = combinationsOf(record, [stray, ...others.reverse(), trial, first!]);
    expect(found.map(({ settings }) => Object.values(settings).slice(0, 2))).toEqual(
      [0.5, 0.9, 1].flatMap((p) => ['shared-bottom', 'omoe', 'mmoe'].map((method) => [p, method])),
    );
    expect(found[0]!.lines.map(({ seed }) => seed)).toEqual([1, 2, 3, 4]);
  });

  it('have the variant by colour and the rest by panels', () => {
    expect(layout.names).toEqual(['shared-bottom', 'omoe', 'mmoe']);
    expect(layout.facets.map(({ title }) => title)).toEqual(
      ['0.5', '0.9', '1'].map((p) => `correlation = ${p}`),
    );
    const [only] = layoutOf({ vary: {} }, [{ settings: {}, lines: [] }]).facets;
    expect(only).toMatchObject({ title: '', series: [{ index: 0 }] });
  });

  it('are a mean over tasks only where every task has the metric', () => {
    const [line] = lines;
    const { y1, y2 } = line!.test!;
    expect(measured(line!, measure)).toBeCloseTo((y1!['loss']! + y2!['loss']!) / 2, 12);
    expect(measured({ ...line!, test: { y1: y1! } }, measure)).toBeNull();
    expect(measured({ ...line!, test: null }, measure)).toBeNull();
  });
});

it('metrics to choose from are those of all tasks, and no remark on one', () => {
  const more = lines.map((line) => ({
    ...line,
    test: { y1: { ...line.test!['y1'], r2WithoutWorst: 1 }, y2: { ...line.test!['y2'], extra: 1 } },
  }));
  const { metrics, measure: chosen, tasks } = measureChoices(record, more);
  expect({ metrics, tasks }).toEqual({ metrics: ['loss', 'r2', 'mse'], tasks: ['y1', 'y2', null] });
  expect(chosen).toEqual(measure);
  const y2 = measureChoices(record, more, { task: 'y2', metric: 'extra' });
  expect(y2.measure).toEqual({ task: 'y2', metric: 'extra', split: 'test' });
});

describe('mean curves', () => {
  const curve = (loss: number[], epochs = [1, 2]): StudyLine => ({
    ...lines[0]!,
    curves: { epochs, train: { y1: loss, y2: loss }, validation: {} },
  });
  const options = { task: null, rows: 'train', band: 'sd' } as const;

  it('are means over runs with their deviation, of as many as have come so far', () => {
    const { mean, low, high, runs } = meanCurve({ lines: [curve([3, 1]), curve([5], [1])] }, options);
    expect({ mean, runs }).toEqual({ mean: [4, 1], runs: 2 });
    expect(high[0]! - 4).toBeCloseTo(Math.SQRT2, 12);
    expect(4 - low[0]!).toBeCloseTo(Math.SQRT2, 12);
    expect(low[1]).toBeNull();
  });

  it('have an interval by bootstrap that is near that of the normal law, and the same each time', () => {
    const many = Array.from({ length: 200 }, (_, i) => curve([Math.sin(i * 12.9898), 1]));
    const band = { ...options, band: 'bootstrap' } as const;
    const { mean, low, high } = meanCurve({ lines: many }, band);
    const values = many.map(({ curves }) => curves.train['y1']![0]!);
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean[0]!) ** 2, 0) / 199);
    const half = (1.96 * sd) / Math.sqrt(200);
    expect((high[0]! - low[0]!) / 2 / half).toBeGreaterThan(0.85);
    expect((high[0]! - low[0]!) / 2 / half).toBeLessThan(1.15);
    expect([low[1], high[1]]).toEqual([1, 1]);
    expect(meanCurve({ lines: many }, band)).toEqual(meanCurve({ lines: many }, band));
  });

  it.each(bands)('are drawn and tabulated with the band "%s"', (band) => {
    for (const width of [300, 1200])
      for (const log of [false, true]) {
        const text = file(curvesFigure(layout, { ...options, band, log }, width, paperLook));
        for (const label of ['>epoch<', '>train loss<', '>correlation = 0.5<', '>mmoe<'])
          expect(text).toContain(label);
      }
    const { columns, rows } = curvesTable(layout, { ...options, band, log: false });
    expect(columns).toHaveLength(1 + 9 * (band === 'none' ? 1 : 3));
    expect(rows.map(([epoch]) => epoch)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
  });
});

describe('distributions', () => {
  it.each(distributionKinds)('are drawn as "%s", also of one run, of like runs, and of none', (kind) => {
    const draw = (some: readonly StudyLine[]) =>
      distributionFigure(layoutOf(record, combinationsOf(record, some)), measure, kind, 800, paperLook);
    const whole = draw(lines);
    file(whole);
    if (kind !== 'histogram')
      expect(new Set(whole.marks.map(({ run }) => run))).toEqual(new Set(lines.map(({ key }) => key)));
    else expect(whole.marks.reduce((sum, { rows }) => sum + Number(rows.at(-1)![1]), 0)).toBe(lines.length);
    file(draw([]));
    file(draw(lines.slice(0, 1)));
    file(draw(lines.slice(0, 3).map((line) => ({ ...line, test: lines[0]!.test }))));
  });

  it('have a table with a row for every run', () => {
    const { rows } = distributionTable(combinations, measure);
    expect(rows).toHaveLength(lines.length);
    expect(rows[0]).toEqual(['0.5 · shared-bottom · 0.01', 1, measured(lines[0]!, measure)]);
  });
});

describe('a task against another', () => {
  const [x, y] = ['y1', 'y2'].map((task) => ({ task, metric: 'r2', split: 'test' as const }));

  it('has on its front those that no other is better than in both', () => {
    const points = [
      [1, 1],
      [2, 3],
      [3, 2],
      [2, 2],
      [3, 2],
    ].map(([a, b]) => ({ x: a!, y: b! }));
    expect(paretoFront(points, x!, y!)).toEqual([points[1], points[2], points[4]]);
    expect(paretoFront(points, { metric: 'loss' }, { metric: 'loss' })).toEqual([points[0]]);
  });

  it('is drawn and tabulated', () => {
    file(paretoFigure(layout, x!, y!, 700, paperLook));
    file(paretoFigure(layoutOf(record, []), x!, y!, 700, paperLook));
    expect(paretoTable(layout, x!, y!).rows.map((row) => row.at(-1))).toContain('yes');
  });
});

describe('settings', () => {
  const mixed = lines.map((line, i) => ({
    ...line,
    settings: { ...line.settings, 'training.learningRate': i % 2 === 0 ? 0.0001 : 0.01 },
  }));
  const axes = axesOf(record, mixed, [measure]);

  it('have axes where they vary, numbers on scales and names in their order', () => {
    expect(axes.map(({ label, values, log }) => [label, values, log])).toEqual([
      ['correlation', null, false],
      ['variant', ['shared-bottom', 'omoe', 'mmoe'], false],
      ['learningRate', null, true],
      ['test loss, mean of tasks', null, false],
    ]);
  });

  it('are drawn side by side, without those beyond a brush, and each by itself', () => {
    const whole = parallelFigure(axes, mixed, [], 800, paperLook);
    file(whole);
    expect(whole.marks).toHaveLength(lines.length);
    const upper = parallelFigure(axes, mixed, [{ axis: 'model.variant', from: 0.4, to: 1 }], 800, paperLook);
    expect(upper.marks).toHaveLength((lines.length * 2) / 3);
    for (const axis of axes.slice(0, -1))
      file(settingFigure(axis, mixed, measure, { group: axes[1], width: 500, look: paperLook }));
    expect(parallelTable(axes, mixed).rows).toHaveLength(lines.length);
  });
});

it('names are text, whatever is in them', () => {
  const evil = { ...record, vary: { 'model.variant': ['<b>&"', 'x'] } };
  const some = lines.map((line) => ({ ...line, settings: { 'model.variant': '<b>&"' } }));
  const text = file(
    distributionFigure(layoutOf(evil, combinationsOf(evil, some)), measure, 'cumulative', 600, paperLook),
  );
  expect(text).toContain('&lt;b&gt;&amp;&quot;');
  expect(text).not.toContain('<b>');
});

it.each([
  [0.001, 1000],
  [0.11, 0.13],
  [5, 5],
])('a logarithmic axis from %d to %d has ticks within it', (low, high) => {
  const { at, ticks } = scaleOf([low, high], [0, 300], { log: true });
  expect(ticks.length).toBeGreaterThan(1);
  for (const { value } of ticks) expect(at(value)).toBeGreaterThanOrEqual(-1);
  expect(at(high)).toBeLessThanOrEqual(300);
});
