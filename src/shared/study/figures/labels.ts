import { colourOf, pathOf, type Figure, type Look, type Mark, type Shape } from '../../figures/figure.js';
import { drawAxes, path } from '../../figures/panel.js';
import { extentOf, scaleOf } from '../../figures/scale.js';
import { formatMetric } from '../../numbers.js';
import type { LabelPoint } from '../paper/label-correlation.js';

/** Draws how labels correlate where the tasks' weights do so by p: mean ± 2 standard deviations (figure 2). */
export function labelsFigure(points: readonly LabelPoint[], width: number, look: Look): Figure {
  const edge = (sign: -1 | 1) => points.map(({ mean, sd }) => mean + sign * 2 * (sd ?? 0));
  const [low, high] = [edge(-1), edge(1)];
  const area = { left: 66, right: Math.min(width, 620) - 16, top: 16, bottom: 244 };
  const x = scaleOf([0, 1], [area.left, area.right], { count: 10 });
  const y = scaleOf(extentOf([...low, ...high]) ?? [0, 1], [area.bottom, area.top], { room: 0.03 });
  const axes = {
    title: '',
    x,
    y,
    xLabel: 'correlation of the tasks’ weights, p',
    yLabel: 'correlation of labels',
  };
  const stroke = colourOf(look, 0);
  const along = (values: readonly number[]) => points.map(({ p }, i) => [x.at(p), y.at(values[i]!)] as const);
  const means = along(points.map(({ mean }) => mean));
  const shapes: Shape[] = [
    ...drawAxes(area, axes, look),
    path(`${pathOf([...along(low), ...along(high).reverse()])}Z`, {
      ...{ fill: stroke, 'fill-opacity': 0.15, stroke: 'none' },
    }),
    path(pathOf(means), { stroke, 'stroke-width': 1.75 }),
    ...means.map(([cx, cy]): Shape => ({ tag: 'circle', attributes: { cx, cy, r: 2.6, fill: stroke } })),
  ];
  const marks = points.map(({ p, mean, sd, bySeed }, i): Mark => ({
    ...{ x: means[i]![0], y: means[i]![1], run: null, colour: stroke, title: `p = ${p}` },
    rows: [
      ['mean', formatMetric(mean)],
      ...(sd === null ? [] : [['± 2 SD', `${formatMetric(low[i])} – ${formatMetric(high[i])}`] as const]),
      ['trials', String(bySeed.size)],
    ],
  }));
  return { width, height: 290, shapes, marks };
}
