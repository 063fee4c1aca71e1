import { colourOf, pathOf, type Figure, type Look, type Mark, type Shape } from '../../figures/figure.js';
import { drawAxes, drawKey, line, path, placePanels } from '../../figures/panel.js';
import { extentOf, scaleOf } from '../../figures/scale.js';
import type { TableData } from '../../figures/table-data.js';
import { formatMetric } from '../../numbers.js';
import { errorOfMean, meanOf } from '../../statistics/statistics.js';
import { biggerIsBetter } from '../../task-kinds.js';
import { measured, measureName, nameOf, type Layout, type Measure } from '../results.js';
import type { Combination } from '../summary.js';

/** A combination by two measures: its runs, and their mean with its standard errors. */
interface Place {
  readonly combination: Combination;
  readonly index: number;
  readonly runs: readonly {
    readonly key: string;
    readonly seed: number;
    readonly x: number;
    readonly y: number;
  }[];
  readonly x: number;
  readonly y: number;
  readonly errors: readonly [number, number];
}

function placesOf({ series }: Layout['facets'][number], x: Measure, y: Measure): Place[] {
  return series.flatMap(({ combination, index }) => {
    const runs = combination.lines.flatMap((one) => {
      const [across, up] = [measured(one, x), measured(one, y)];
      return across === null || up === null ? [] : [{ key: one.key, seed: one.seed, x: across, y: up }];
    });
    if (runs.length === 0) return [];
    const [xs, ys] = [runs.map((run) => run.x), runs.map((run) => run.y)];
    const errors = [errorOfMean(xs) ?? 0, errorOfMean(ys) ?? 0] as const;
    return [{ combination, index, runs, x: meanOf(xs), y: meanOf(ys), errors }];
  });
}

/** Returns those that no other is better than in both measures, by the first. */
export function paretoFront<Point extends { readonly x: number; readonly y: number }>(
  points: readonly Point[],
  x: Pick<Measure, 'metric'>,
  y: Pick<Measure, 'metric'>,
): Point[] {
  const [right, up] = [x, y].map(({ metric }) => (biggerIsBetter(metric) ? 1 : -1)) as [number, number];
  return points
    .filter(
      (one) =>
        !points.some(
          (other) =>
            right * other.x >= right * one.x &&
            up * other.y >= up * one.y &&
            (other.x !== one.x || other.y !== one.y),
        ),
    )
    .sort((a, b) => a.x - b.x);
}

/** Draws a task against another: every run, the mean of each combination, and the front of those means. */
export function paretoFigure(
  { names, facets }: Layout,
  x: Measure,
  y: Measure,
  width: number,
  look: Look,
): Figure {
  const panels = facets.map((facet) => ({ title: facet.title, places: placesOf(facet, x, y) }));
  const runs = panels.flatMap(({ places }) => places.flatMap((place) => place.runs));
  const [across, up] = [extentOf(runs.map((run) => run.x)), extentOf(runs.map((run) => run.y))];
  const key = drawKey(names, width, look);
  const placed = placePanels(panels.length, width, key.height, 270);
  const shapes: Shape[] = [...key.shapes];
  const marks: Mark[] = [];
  panels.forEach(({ title, places }, i) => {
    const area = placed.areas[i]!;
    const xScale = scaleOf(across ?? [0, 1], [area.left, area.right], { room: 0.05, count: 4 });
    const yScale = scaleOf(up ?? [0, 1], [area.bottom, area.top], { room: 0.05 });
    const axes = { title, x: xScale, y: yScale, xLabel: measureName(x), yLabel: measureName(y) };
    shapes.push(...drawAxes(area, axes, look));
    const front = paretoFront(places, x, y);
    shapes.push(
      path(pathOf(front.map((one) => [xScale.at(one.x), yScale.at(one.y)])), {
        ...{ stroke: look.dim, 'stroke-dasharray': '4 3' },
      }),
    );
    for (const place of places) {
      const fill = colourOf(look, place.index);
      const name = [names[place.index] ?? '', title].filter((part) => part !== '').join(', ');
      for (const run of place.runs) {
        const [cx, cy] = [xScale.at(run.x), yScale.at(run.y)];
        shapes.push({ tag: 'circle', attributes: { cx, cy, r: 1.8, fill, 'fill-opacity': 0.45 } });
        marks.push({
          ...{ x: cx, y: cy, run: run.key, colour: fill, title: `${name}, seed ${run.seed}` },
          rows: rowsOf(x, y, run),
        });
      }
      const [cx, cy] = [xScale.at(place.x), yScale.at(place.y)];
      const [ex, ey] = place.errors;
      shapes.push(
        line(xScale.at(place.x - ex), cy, xScale.at(place.x + ex), cy, fill),
        line(cx, yScale.at(place.y - ey), cx, yScale.at(place.y + ey), fill),
        { tag: 'circle', attributes: { cx, cy, r: 4.5, fill, stroke: look.paper } },
      );
      marks.push({
        ...{ x: cx, y: cy, run: null, colour: fill, title: nameOf(place.combination) },
        rows: [...rowsOf(x, y, place), ['runs', String(place.runs.length)]],
      });
    }
  });
  return { width, height: placed.height, shapes, marks };
}

const rowsOf = (x: Measure, y: Measure, at: { readonly x: number; readonly y: number }) =>
  [
    [measureName(x), formatMetric(at.x)],
    [measureName(y), formatMetric(at.y)],
  ] as const;

/** Returns the means of combinations by two measures, and which are on the front. */
export function paretoTable({ facets }: Layout, x: Measure, y: Measure): TableData {
  const all = facets.map((facet) => placesOf(facet, x, y));
  const front = new Set(all.flatMap((places) => paretoFront(places, x, y)));
  return {
    columns: ['combination', measureName(x), 'SE', measureName(y), 'SE', 'runs', 'front'],
    rows: all
      .flat()
      .map((place) => [
        nameOf(place.combination),
        ...[place.x, place.errors[0], place.y, place.errors[1], place.runs.length],
        front.has(place) ? 'yes' : 'no',
      ]),
  };
}
