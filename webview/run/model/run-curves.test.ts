import { describe, expect, it } from 'vitest';
import { RunHistory } from '../../../src/shared/run/run-history.js';
import type { RunTask } from '../../../src/shared/run/run-manifest.js';
import { madeRun, mixedTasks, twoTasks } from '../../../test/webview/made-run.fixture.js';
import { availableMetrics, lossWeight } from '../../charts/curves/curve-metrics.js';
import { isAlone, nearestIndex, readCurves } from '../../charts/curves/curves.js';
import { niceStep } from '../../../src/shared/figures/scale.js';
import { valueRange } from '../../charts/curves/value-range.js';
import { buildRunCurves, hasLossWeights, runCurvesTable } from './run-curves.js';

function history(options: Parameters<typeof madeRun>[0]): RunHistory {
  const result = new RunHistory();
  result.add(madeRun(options).events);
  return result;
}

const plain = { metric: 'auc', axis: 'epoch', smoothing: 0 } as const;

describe('curves', () => {
  it('know a value that is no part of a line', () => {
    const alone = (values: (number | null)[]) => values.map((_, index) => isAlone(values, index));
    expect(alone([0.7])).toEqual([true]);
    expect(alone([0.7, null, 0.5, 0.4, null])).toEqual([true, false, false, false, false]);
  });

  it('have a train and a validation line for every task that has the metric', () => {
    const { series, without } = buildRunCurves(history({ tasks: mixedTasks }), mixedTasks, plain);
    expect(series.map(({ line, role }) => [line, role])).toEqual([
      [0, 'train'],
      [0, 'main'],
      [1, 'train'],
      [1, 'main'],
    ]);
    expect(without).toEqual([{ task: 2, main: 'r2' }]);
  });

  it('offer loss first, then what the tasks are judged by', () => {
    expect(availableMetrics(mixedTasks)).toEqual(['loss', 'auc', 'accuracy', 'r2', 'logLoss', 'mse']);
    expect(availableMetrics([])).toEqual([]);
  });

  it('show every step loss on the axes that are fine enough', () => {
    const run = history({ stepEvents: 300 });
    const loss = { ...plain, metric: 'loss' };
    const trainPoints = (axis: 'step' | 'epoch' | 'time') =>
      buildRunCurves(run, twoTasks, { ...loss, axis }).series[0]!.x.length;
    expect(trainPoints('step')).toBe(run.steps.length);
    expect(trainPoints('time')).toBe(run.steps.length);
    expect(trainPoints('epoch')).toBe(14);
  });

  it('mark the best epoch, which the untrained network cannot be', () => {
    const run = history({ epochsDone: 0 });
    expect(buildRunCurves(run, twoTasks, plain).best).toEqual([]);
    const { best, series } = buildRunCurves(history({}), twoTasks, plain);
    const validation = series.find(({ role }) => role === 'main')!;
    expect(best[0]!.y).toBe(Math.max(...validation.raw.map((value) => value ?? 0)));
  });

  it('take the smallest loss as the best', () => {
    const { best, series } = buildRunCurves(history({}), twoTasks, { ...plain, metric: 'logLoss' });
    const values = series.find(({ role }) => role === 'main')!.raw.slice(1);
    expect(best[0]!.y).toBe(Math.min(...values.map((value) => value ?? Infinity)));
  });

  it('end where training will end, and where it has ended once it has', () => {
    expect(buildRunCurves(history({}), twoTasks, plain).xMax).toBe(20);
    expect(buildRunCurves(history({}), twoTasks, { ...plain, axis: 'step' }).xMax).toBe(20 * 312);
    expect(buildRunCurves(history({}), twoTasks, { ...plain, axis: 'time' }).xMax).toBeNull();
    const run = history({});
    run.add([
      { seq: run.seq + 1, type: 'end', time: 9, step: 4056, status: 'finished', reason: 'no better epoch' },
    ]);
    expect(buildRunCurves(run, twoTasks, plain).xMax).toBe(13);
  });

  it('leave a gap where a metric is not defined', () => {
    const run = new RunHistory();
    const tasks: RunTask[] = [{ name: 'rare', kind: 'binary' }];
    const at = { time: 1, step: 1, rowsPerSecond: null, best: false };
    run.add([
      {
        ...at,
        seq: 1,
        type: 'epoch',
        epoch: 1,
        train: { rare: { auc: 0.8 } },
        validation: { rare: { auc: null } },
      },
      {
        ...at,
        seq: 2,
        type: 'epoch',
        epoch: 2,
        train: { rare: { auc: 0.9 } },
        validation: { rare: { auc: 0.7 } },
      },
    ]);
    expect(buildRunCurves(run, tasks, plain).series.find(({ role }) => role === 'main')?.y).toEqual([
      null,
      0.7,
    ]);
  });

  it('are read at the nearest place that has a point', () => {
    const curves = buildRunCurves(history({}), twoTasks, plain);
    const reading = readCurves(curves, 4.4)!;
    expect(reading.x).toBe(4);
    expect(reading.lines.map(({ line, main }) => [line, main])).toEqual([
      [0, curves.series[1]!.y[4]],
      [1, curves.series[3]!.y[4]],
    ]);
    expect(readCurves({ ...curves, series: [] }, 1)).toBeNull();
  });

  it('say nothing of a line where it has ended, or not begun', () => {
    const line = (index: number, x: number[]) => ({ line: index, role: 'main' as const, x, raw: x, y: x });
    const curves = {
      metric: 'auc',
      axis: 'epoch' as const,
      best: [],
      xMax: 9,
      series: [line(0, [0, 1, 2, 3]), line(1, [0, 1, 2, 3, 4, 5, 6])],
    };
    expect(readCurves(curves, 6)?.lines.map(({ main }) => main)).toEqual([null, 6]);
    expect(readCurves(curves, 4)?.lines.map(({ main }) => main)).toEqual([3, 4]);
  });

  it('have a table with a row for every place, empty where a line has no point', () => {
    const table = runCurvesTable(
      buildRunCurves(history({}), twoTasks, { ...plain, metric: 'loss', axis: 'step' }),
      twoTasks,
      0,
      {
        smoothed: 'smoothed',
      },
    );
    expect(table.columns).toEqual([
      'step',
      'income train',
      'income validation',
      'never married train',
      'never married validation',
    ]);
    expect(table.rows.some((row) => row[1] !== null && row[2] === null)).toBe(true);
    const places = table.rows.map(([place]) => Number(place));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
});

it('the nearest of sorted numbers is found at both ends and between', () => {
  expect([-1, 0.4, 0.6, 1.5, 9].map((wanted) => nearestIndex([0, 1, 2], wanted))).toEqual([0, 0, 1, 1, 2]);
  expect(nearestIndex([], 1)).toBe(-1);
});

describe('the range of values', () => {
  const curves = (...values: number[]) => ({
    ...buildRunCurves(new RunHistory(), [], plain),
    series: [{ line: 0, role: 'main' as const, x: values.map((_, index) => index), raw: values, y: values }],
  });

  it('lies between round numbers', () => {
    expect(valueRange(curves(0.897, 0.93, 0.94, 0.9421, 0.987))).toEqual({ min: 0.88, max: 1, step: 0.02 });
    expect(valueRange(curves())).toBeNull();
  });

  it('leaves out an untrained network that would flatten all that follows', () => {
    expect(valueRange(curves(-7, 0.85, 0.95, 0.98, 0.99))?.min).toBeCloseTo(0.85);
    expect(valueRange(curves(-7, 0.85))?.min).toBeLessThanOrEqual(-7);
  });

  it('has some height for a line that is level', () => {
    const range = valueRange(curves(0.5, 0.5, 0.5))!;
    expect(range.max).toBeGreaterThan(range.min);
    expect(valueRange(curves(0, 0))!.max).toBeGreaterThan(0);
  });

  it('has steps of 1, 2 or 5', () => {
    expect([0.03, 0.2, 7, 100].map(niceStep).map((step) => Number(step.toPrecision(3)))).toEqual([
      0.05, 0.2, 10, 100,
    ]);
  });
});

describe('loss weights', () => {
  const tasks = ['income', 'age'].map((name) => ({ name, kind: 'binary' as const }));
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
