import type { Chart, Plugin } from 'chart.js';
import type { Theme } from '../ui/theme.js';
import type { Curves, Series } from './curves-data.js';
import { spreadLabels } from './label-layout.js';

export interface Overlay {
  /** Where the reading is taken, in the axis' units. */
  readonly crosshair: number | null;
}

interface Picture {
  readonly curves: Curves;
  readonly names: readonly string[];
  readonly theme: Theme;
  readonly key: { readonly validation: string; readonly train: string };
}

const labelHeight = 13;
const labelGap = 10;
const mostCharacters = 22;

const shorten = (name: string): string => (name.length > mostCharacters ? `${name.slice(0, mostCharacters - 1)}…` : name);

/** The line of each task that carries its name: validation, or train where there is none. */
function labelled({ series }: Curves): Series[] {
  const byTask = new Map<number, Series>();
  for (const one of series) if (one.split === 'validation' || !byTask.has(one.task)) byTask.set(one.task, one);
  return [...byTask.values()];
}

/** Room to the right of the plot, so that a name beside the end of its line is not cut off. Pixels. */
export function labelRoom({ curves, names, width, left }: Picture & { width: number; left: number }): number {
  const least = 12;
  const room = labelled(curves).map(({ task, x }) => {
    const last = x.at(-1) ?? 0;
    const share = curves.xMax === null || curves.xMax <= 0 ? 1 : Math.min(1, last / curves.xMax);
    const label = labelGap + shorten(names[task] ?? '').length * 6.6;
    return share <= 0 ? least : width - left - (width - left - label) / share;
  });
  return Math.min(width / 3, Math.max(least, ...room));
}

/** What chart.js does not draw: names at the lines' ends, the best point, the key, the place that is read. */
export function curvesOverlay(picture: Picture, overlay: () => Overlay): Plugin<'line'> {
  return {
    id: 'overlay',
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      ctx.font = `11px ${picture.theme.font}`;
      ctx.textBaseline = 'middle';
      drawKey(chart, picture);
      drawCrosshair(chart, picture.theme, overlay().crosshair);
      drawBest(chart, picture);
      drawNames(chart, picture);
      ctx.restore();
    },
  };
}

function drawKey({ ctx, chartArea }: Chart, { curves, theme, key }: Picture): void {
  const entries = (['validation', 'train'] as const).filter((split) => curves.series.some((one) => one.split === split));
  ctx.strokeStyle = theme.dim;
  ctx.fillStyle = theme.dim;
  ctx.textAlign = 'right';
  let right = chartArea.right;
  for (const split of entries.reverse()) {
    ctx.fillText(key[split], right, 9);
    const end = right - ctx.measureText(key[split]).width - 5;
    ctx.lineWidth = split === 'train' ? 1 : 2;
    ctx.setLineDash(split === 'train' ? [4, 3] : []);
    line(ctx, end - 18, 9, end, 9);
    right = end - 32;
  }
  ctx.setLineDash([]);
}

function drawCrosshair({ ctx, chartArea, scales }: Chart, theme: Theme, at: number | null): void {
  const x = at === null ? undefined : scales['x']?.getPixelForValue(at);
  if (x === undefined || x < chartArea.left || x > chartArea.right) return;
  ctx.strokeStyle = theme.dim;
  ctx.lineWidth = 1;
  line(ctx, x, chartArea.top, x, chartArea.bottom);
}

function drawBest({ ctx, chartArea, scales }: Chart, { curves, theme }: Picture): void {
  for (const { task, x, y } of curves.best) {
    const left = scales['x']!.getPixelForValue(x);
    const top = scales['y']!.getPixelForValue(y);
    if (!inside(chartArea, left, top)) continue;
    ctx.beginPath();
    ctx.arc(left, top, 4, 0, 2 * Math.PI);
    ctx.fillStyle = theme.card;
    ctx.fill();
    ctx.lineWidth = 2;
    ctx.strokeStyle = theme.tasks[task % theme.tasks.length]!;
    ctx.stroke();
  }
}

function drawNames({ ctx, chartArea, scales }: Chart, { curves, names, theme }: Picture): void {
  const ends = labelled(curves).flatMap(({ task, x, y }) => {
    const at = y.findLastIndex((value) => value !== null);
    if (at < 0) return [];
    const left = Math.min(scales['x']!.getPixelForValue(x[at]!), chartArea.right);
    const top = scales['y']!.getPixelForValue(y[at]!);
    return inside(chartArea, left, top) ? [{ task, left, top }] : [];
  });
  const tops = spreadLabels(
    ends.map(({ top }) => top),
    labelHeight,
    chartArea.top - labelHeight / 2,
    chartArea.bottom + labelHeight / 2,
  );
  ctx.textAlign = 'left';
  ends.forEach(({ task, left }, index) => {
    ctx.fillStyle = theme.tasks[task % theme.tasks.length]!;
    ctx.fillText(shorten(names[task] ?? ''), left + labelGap, tops[index]!);
  });
}

const inside = (area: Chart['chartArea'], x: number, y: number): boolean =>
  x >= area.left - 1 && x <= area.right + 1 && y >= area.top - 1 && y <= area.bottom + 1;

function line(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}
