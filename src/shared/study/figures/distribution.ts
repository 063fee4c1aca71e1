import {
  colourOf,
  dashOf,
  pathOf,
  type Figure,
  type Look,
  type Mark,
  type Shape,
} from '../../figures/figure.js';
import { drawAxes, drawKey, line, path, placePanels, type Area } from '../../figures/panel.js';
import { extentOf, niceStep, scaleOf, type Scale } from '../../figures/scale.js';
import type { TableData } from '../../figures/table-data.js';
import { formatMetric } from '../../numbers.js';
import { meanOf, quantileOf, standardDeviation } from '../../statistics/statistics.js';
import type { StudyLine } from '../line.js';
import { measured, measureName, nameOf, type Layout, type Measure } from '../results.js';
import type { Combination } from '../summary.js';

export const distributionKinds = ['runs', 'violin', 'histogram', 'cumulative'] as const;
export type DistributionKind = (typeof distributionKinds)[number];

interface Run {
  readonly line: StudyLine;
  readonly value: number;
}

interface Group {
  readonly index: number;
  readonly name: string;
  /** By value. */
  readonly runs: readonly Run[];
}

interface Picture {
  readonly shapes: Shape[];
  readonly marks: Mark[];
}

/** Draws how the final values of trainings are distributed, a panel for each facet. */
export function distributionFigure(
  { names, facets }: Layout,
  measure: Measure,
  kind: DistributionKind,
  width: number,
  look: Look,
): Figure {
  const panels = facets.map(({ title, series }) => ({
    title,
    groups: series.map(({ index, combination }): Group => ({
      index,
      name: names[index] ?? '',
      runs: runsOf(combination, measure),
    })),
  }));
  const values = panels.flatMap(({ groups }) => groups.flatMap(({ runs }) => runs.map(({ value }) => value)));
  const extent = extentOf(values) ?? [0, 1];
  const label = measureName(measure);
  // Where groups stand beside each other, their names stand below them.
  const isBeside = kind === 'runs' || kind === 'violin';
  const key = drawKey(isBeside ? [] : names, width, look);
  const placed = placePanels(panels.length, width, key.height, isBeside ? 220 : 240);
  const picture: Picture = { shapes: [...key.shapes], marks: [] };
  panels.forEach(({ title, groups }, place) => {
    const area = placed.areas[place]!;
    if (isBeside) {
      const y = scaleOf(extent, [area.bottom, area.top], { room: 0.05 });
      const slot = (area.right - area.left) / Math.max(1, groups.length);
      const centre = (i: number): number => area.left + (i + 0.5) * slot;
      const x = groups.map(({ name }, i) => ({ at: centre(i), label: name }));
      picture.shapes.push(...drawAxes(area, { title, x, y, xLabel: '', yLabel: label }, look));
      groups.forEach((group, i) => {
        const half = Math.min(36, slot * 0.36);
        if (kind === 'runs') drawRuns(picture, group, title, { centre: centre(i), half, y }, look);
        else drawViolin(picture, group, title, { centre: centre(i), half, y }, look);
      });
    } else {
      const x = scaleOf(extent, [area.left, area.right], { room: 0.03, count: 4 });
      if (kind === 'cumulative') drawCumulative(picture, groups, title, area, x, label, look);
      else drawHistogram(picture, groups, title, area, x, { extent, label }, look);
    }
  });
  return { width, height: placed.height, ...picture };
}

function runsOf({ lines }: Combination, measure: Measure): Run[] {
  return lines
    .flatMap((one) => {
      const value = measured(one, measure);
      return value === null ? [] : [{ line: one, value }];
    })
    .sort((a, b) => a.value - b.value);
}

interface Column {
  readonly centre: number;
  readonly half: number;
  readonly y: Scale;
}

/** Every run a point, with quartiles and mean. */
function drawRuns(picture: Picture, group: Group, title: string, column: Column, look: Look): void {
  const { shapes } = picture;
  const { runs, index } = group;
  const { centre, half, y } = column;
  const stroke = colourOf(look, index);
  runs.forEach((run, rank) => {
    // Neighbours by value lie apart: the golden ratio spreads them evenly.
    const x = centre + (((rank * 0.618034) % 1) - 0.5) * 1.5 * half;
    shapes.push(point(x, y.at(run.value), stroke, 2, 0.55));
    picture.marks.push(markOf(run, group, title, x, y.at(run.value), stroke));
  });
  drawQuartiles(shapes, group, column, stroke);
}

function drawQuartiles(shapes: Shape[], { runs }: Group, { centre, half, y }: Column, stroke: string): void {
  if (runs.length === 0) return;
  const values = runs.map(({ value }) => value);
  const [low, high] = [y.at(quantileOf(values, 0.25)), y.at(quantileOf(values, 0.75))];
  const mean = y.at(meanOf(values));
  if (runs.length > 2)
    shapes.push({
      tag: 'rect',
      attributes: {
        ...{ x: centre - half, y: Math.min(low, high), width: 2 * half, height: Math.abs(high - low) },
        ...{ fill: 'none', stroke },
      },
    });
  shapes.push(line(centre - half * 1.15, mean, centre + half * 1.15, mean, stroke, { 'stroke-width': 2 }));
}

/** An estimate of the density, mirrored (Gaussian kernel, Silverman's bandwidth), with quartiles and mean. */
function drawViolin(picture: Picture, group: Group, title: string, column: Column, look: Look): void {
  const { runs, index } = group;
  const { centre, half, y } = column;
  const stroke = colourOf(look, index);
  const values = runs.map(({ value }) => value);
  const density = densityOf(values);
  if (density !== null) {
    const most = Math.max(...density.map(([, height]) => height));
    const side = (sign: number) =>
      density.map(([value, height]) => [centre + (sign * half * height) / most, y.at(value)] as const);
    picture.shapes.push(
      path(`${pathOf([...side(1), ...side(-1).reverse()])}Z`, {
        ...{ fill: stroke, 'fill-opacity': 0.25, stroke },
      }),
    );
  }
  drawQuartiles(picture.shapes, group, { ...column, half: half / 4 }, stroke);
  for (const run of runs) picture.marks.push(markOf(run, group, title, centre, y.at(run.value), stroke));
}

/** Returns the estimated density of sorted values at places within them; null: they do not vary. */
function densityOf(values: readonly number[]): [number, number][] | null {
  const sd = standardDeviation(values);
  if (sd === null || sd === 0) return null;
  const range = (quantileOf(values, 0.75) - quantileOf(values, 0.25)) / 1.34;
  const width = 0.9 * Math.min(sd, range > 0 ? range : sd) * values.length ** -0.2;
  const [low, high] = [values[0]!, values.at(-1)!];
  return Array.from({ length: 61 }, (_, i) => {
    const at = low + ((high - low) * i) / 60;
    return [at, values.reduce((sum, value) => sum + Math.exp(-(((at - value) / width) ** 2) / 2), 0)];
  });
}

/** The share of runs up to each value, every run a point. */
function drawCumulative(
  picture: Picture,
  groups: readonly Group[],
  title: string,
  area: Area,
  x: Scale,
  xLabel: string,
  look: Look,
): void {
  const y = scaleOf([0, 1], [area.bottom, area.top]);
  picture.shapes.push(...drawAxes(area, { title, x, y, xLabel, yLabel: 'share of runs' }, look));
  for (const group of groups) {
    const stroke = colourOf(look, group.index);
    const places: [number, number][] = [];
    group.runs.forEach((run, i) => {
      const at = x.at(run.value);
      const [before, after] = [y.at(i / group.runs.length), y.at((i + 1) / group.runs.length)];
      places.push([at, before], [at, after]);
      picture.shapes.push(point(at, after, stroke, 1.8, 0.8));
      picture.marks.push(markOf(run, group, title, at, after, stroke));
    });
    if (places.length > 0) places.push([area.right, area.top]);
    picture.shapes.push(path(pathOf(places), { stroke, 'stroke-width': 1.25, ...dashOf(look, group.index) }));
  }
}

/** How many runs fall between round numbers. */
function drawHistogram(
  picture: Picture,
  groups: readonly Group[],
  title: string,
  area: Area,
  x: Scale,
  { extent: [low, high], label }: { readonly extent: readonly [number, number]; readonly label: string },
  look: Look,
): void {
  const step = high > low ? niceStep((high - low) / 18) : Math.abs(high) * 0.05 || 1;
  const first = Math.floor(low / step);
  const count = Math.floor(high / step) - first + 1;
  const counted = groups.map((group) => {
    const bins = Array.from({ length: count }, () => 0);
    for (const { value } of group.runs) bins[Math.min(count - 1, Math.floor(value / step) - first)]!++;
    return { group, bins };
  });
  const most = Math.max(1, ...counted.flatMap(({ bins }) => bins));
  const y = scaleOf([0, most], [area.bottom, area.top], { count: Math.min(5, most) });
  picture.shapes.push(...drawAxes(area, { title, x, y, xLabel: label, yLabel: 'runs' }, look));
  const within = (value: number): number => Math.min(area.right, Math.max(area.left, x.at(value)));
  for (const { group, bins } of counted) {
    const stroke = colourOf(look, group.index);
    const outline = bins.flatMap((height, i): [number, number][] => [
      [within((first + i) * step), y.at(height)],
      [within((first + i + 1) * step), y.at(height)],
    ]);
    const whole: [number, number][] = [
      [outline[0]![0], area.bottom],
      ...outline,
      [outline.at(-1)![0], area.bottom],
    ];
    picture.shapes.push(
      path(pathOf(whole), { ...{ stroke, fill: stroke, 'fill-opacity': 0.15 }, 'stroke-width': 1.25 }),
    );
    bins.forEach((height, i) => {
      if (height === 0) return;
      picture.marks.push({
        ...{ x: within((first + i + 0.5) * step), y: y.at(height), run: null, colour: stroke },
        title: [group.name, title].filter((part) => part !== '').join(', ') || label,
        rows: [
          [`${formatMetric((first + i) * step)} – ${formatMetric((first + i + 1) * step)}`, ''],
          ['runs', String(height)],
        ],
      });
    });
  }
}

const point = (cx: number, cy: number, fill: string, r: number, opacity: number): Shape => ({
  tag: 'circle',
  attributes: { cx, cy, r, fill, 'fill-opacity': opacity },
});

const markOf = (
  { line: { key, seed }, value }: Run,
  { name }: Group,
  title: string,
  x: number,
  y: number,
  colour: string,
): Mark => ({
  ...{ x, y, run: key, colour },
  title: [name, title, `seed ${seed}`].filter((part) => part !== '').join(', '),
  rows: [['value', formatMetric(value)]],
});

/** Returns the value of every run, a row for each. */
export function distributionTable(combinations: readonly Combination[], measure: Measure): TableData {
  return {
    columns: ['combination', 'seed', measureName(measure)],
    rows: combinations.flatMap((combination) =>
      combination.lines.map((one) => [nameOf(combination), one.seed, measured(one, measure)]),
    ),
  };
}
