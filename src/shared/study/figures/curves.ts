import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import {
  colourOf,
  dashOf,
  pathOf,
  type Figure,
  type Look,
  type Mark,
  type Shape,
} from '../../figures/figure.js';
import { drawAxes, drawKey, path, placePanels } from '../../figures/panel.js';
import { extentOf, scaleOf } from '../../figures/scale.js';
import type { TableData } from '../../figures/table-data.js';
import { formatMetric } from '../../numbers.js';
import { meanOf, quantileOf, standardDeviation } from '../../statistics/statistics.js';
import type { StudyLine } from '../line.js';
import { nameOf, type Layout } from '../results.js';
import type { Combination } from '../summary.js';

/** What stands around a mean curve: ±1 standard deviation, or a 95 % interval of the mean by bootstrap. */
export const bands = ['sd', 'bootstrap', 'none'] as const;
export type Band = (typeof bands)[number];

export interface CurvesOptions {
  /** Null: the mean over all tasks. */
  readonly task: string | null;
  readonly rows: 'train' | 'validation';
  readonly band: Band;
  readonly log: boolean;
}

export interface MeanCurve {
  readonly epochs: readonly number[];
  readonly mean: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  /** How many trainings it is the mean of. */
  readonly runs: number;
}

const resamples = 500;

/** Returns the mean loss of a combination's trainings by epoch, and what stands around it. */
export function meanCurve(
  { lines }: Pick<Combination, 'lines'>,
  { task, rows, band }: Omit<CurvesOptions, 'log'>,
): MeanCurve {
  const own = lines.filter(({ status }) => status === 'finished');
  const longest = own.reduce<readonly number[]>(
    (most, { curves }) => (curves.epochs.length > most.length ? curves.epochs : most),
    [],
  );
  const values = own.map((one) => lossesOf(one, task, rows));
  const at = (i: number): number[] => values.flatMap((losses) => losses[i] ?? []);
  const mean = longest.map((_, i) => (at(i).length === 0 ? null : meanOf(at(i))));
  const around = band === 'bootstrap' ? bootstrap(values, longest.length) : null;
  const sd = longest.map((_, i) => (band === 'sd' ? standardDeviation(at(i)) : null));
  const edge = (sign: -1 | 1): (number | null)[] =>
    mean.map((middle, i) =>
      around !== null
        ? (around[i]?.[sign < 0 ? 0 : 1] ?? null)
        : middle === null || sd[i] === null
          ? null
          : middle + sign * sd[i]!,
    );
  return { epochs: longest, mean, low: edge(-1), high: edge(1), runs: own.length };
}

function lossesOf({ curves }: StudyLine, task: string | null, rows: 'train' | 'validation') {
  if (task !== null) return curves[rows][task] ?? [];
  const tasks = Object.values(curves[rows]);
  return curves.epochs.map((_, i) => {
    const losses = tasks.flatMap((its) => its[i] ?? []);
    return losses.length === tasks.length && losses.length > 0 ? meanOf(losses) : null;
  });
}

/** Returns, by epoch, the middle 95 % of the means of curves that are drawn anew, with replacement (Efron, 1979). */
function bootstrap(
  curves: readonly (readonly (number | null)[])[],
  epochs: number,
): (readonly [number, number] | null)[] {
  if (curves.length < 2) return Array.from({ length: epochs }, () => null);
  const random = xoroshiro128plus(1);
  const means = Array.from({ length: epochs }, () => new Float64Array(resamples).fill(NaN));
  for (let sample = 0; sample < resamples; sample++) {
    const sums = new Float64Array(epochs);
    const counts = new Uint32Array(epochs);
    for (let i = 0; i < curves.length; i++) {
      const drawn = curves[(random.next() >>> 0) % curves.length]!;
      for (let epoch = 0; epoch < epochs; epoch++) {
        const value = drawn[epoch] ?? null;
        if (value === null) continue;
        sums[epoch]! += value;
        counts[epoch]!++;
      }
    }
    for (let epoch = 0; epoch < epochs; epoch++)
      if (counts[epoch]! > 0) means[epoch]![sample] = sums[epoch]! / counts[epoch]!;
  }
  return means.map((all) => {
    const sorted = [...all].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
    return sorted.length === 0 ? null : [quantileOf(sorted, 0.025), quantileOf(sorted, 0.975)];
  });
}

/** Draws mean curves, a panel for each facet. */
export function curvesFigure(
  { names, facets }: Layout,
  options: CurvesOptions,
  width: number,
  look: Look,
): Figure {
  const drawn = facets.map(({ title, series }) => ({
    title,
    series: series.map(({ index, combination }) => ({ index, curve: meanCurve(combination, options) })),
  }));
  const curves = drawn.flatMap(({ series }) => series.map(({ curve }) => curve));
  const log = options.log && curves.every(({ mean }) => mean.every((value) => value === null || value > 0));
  const values = curves.flatMap(({ mean, low, high }) =>
    [...mean, ...low, ...high].filter((value) => value !== null && (!log || value > 0)),
  ) as number[];
  const key = drawKey(names, width, look);
  const panels = placePanels(drawn.length, width, key.height);
  const last = Math.max(1, ...curves.map(({ epochs }) => epochs.at(-1) ?? 1));
  const shapes: Shape[] = [...key.shapes];
  const marks: Mark[] = [];
  drawn.forEach(({ title, series }, place) => {
    const area = panels.areas[place]!;
    const x = scaleOf([0, last], [area.left, area.right]);
    const y = scaleOf(extentOf(values) ?? [0, 1], [area.bottom, area.top], { log, room: 0.04 });
    const yLabel = `${options.rows} loss${options.task === null ? '' : ` of ${options.task}`}`;
    shapes.push(...drawAxes(area, { title, x, y, xLabel: 'epoch', yLabel }, look));
    for (const { index, curve } of series) {
      const { epochs, mean, low, high } = curve;
      const stroke = colourOf(look, index);
      const within = (value: number | null): number | null =>
        value === null
          ? null
          : Math.min(area.bottom, Math.max(area.top, log && value <= 0 ? area.bottom : y.at(value)));
      const edge = (its: readonly (number | null)[]) =>
        epochs.flatMap((epoch, i): [number, number][] => {
          const at = within(its[i] ?? null);
          return at === null ? [] : [[x.at(epoch), at]];
        });
      const around = [...edge(low), ...edge(high).reverse()];
      if (around.length > 3)
        shapes.push(path(`${pathOf(around)}Z`, { fill: stroke, 'fill-opacity': 0.15, stroke: 'none' }));
      const places = epochs.map((epoch, i) => [x.at(epoch), within(mean[i] ?? null)] as const);
      shapes.push(path(pathOf(places), { stroke, 'stroke-width': 1.75, ...dashOf(look, index) }));
      epochs.forEach((epoch, i) => {
        const at = places[i]!;
        if (at[1] === null) return;
        const band = low[i] === null || high[i] === null ? [] : [bandRow(options.band, low[i]!, high[i]!)];
        marks.push({
          ...{ x: at[0], y: at[1], run: null, colour: stroke },
          title: [names[index] ?? '', title].filter((part) => part !== '').join(', ') || `epoch ${epoch}`,
          rows: [
            ['epoch', String(epoch)],
            ['mean', formatMetric(mean[i])],
            ...band,
            ['runs', String(curve.runs)],
          ],
        });
      });
    }
  });
  return { width, height: panels.height, shapes, marks };
}

const bandRow = (band: Band, low: number, high: number): readonly [string, string] => [
  band === 'sd' ? '± SD' : '95 %',
  `${formatMetric(low)} – ${formatMetric(high)}`,
];

/** Returns the numbers behind mean curves: a row for each epoch, columns for each combination. */
export function curvesTable({ facets }: Layout, options: CurvesOptions): TableData {
  const curves = facets.flatMap(({ series }) =>
    series.map(({ combination }) => ({
      name: nameOf(combination),
      ...meanCurve(combination, options),
    })),
  );
  const epochs = [...new Set(curves.flatMap((curve) => curve.epochs))].sort((a, b) => a - b);
  const withBand = options.band !== 'none';
  const [low, high] = options.band === 'sd' ? ['− SD', '+ SD'] : ['2.5 %', '97.5 %'];
  return {
    columns: [
      'epoch',
      ...curves.flatMap(({ name }) => [name, ...(withBand ? [`${name} ${low}`, `${name} ${high}`] : [])]),
    ],
    rows: epochs.map((epoch) => [
      epoch,
      ...curves.flatMap((curve) => {
        const i = curve.epochs.indexOf(epoch);
        const edges = withBand ? [curve.low[i] ?? null, curve.high[i] ?? null] : [];
        return [curve.mean[i] ?? null, ...edges];
      }),
    ]),
  };
}
