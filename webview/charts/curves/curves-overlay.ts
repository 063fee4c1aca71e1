import type { Chart, Plugin } from 'chart.js';
import type { Theme } from '../../ui/theme/theme.js';
import { roles, type Curves, type CurvesKey, type Role, type Series } from './curves.js';
import { lineLook, type Palette } from './line-look.js';
import { spreadLabels } from './spread-labels.js';

export interface Overlay {
  /** The place that is read, in the axis' units; null: none. */
  readonly crosshair: number | null;
}

/** The part of the picture that the overlay depends on. */
interface Picture {
  readonly curves: Curves;
  readonly names: readonly string[];
  readonly palette: Palette;
  readonly lit: number | null;
  readonly theme: Theme;
  readonly key: CurvesKey;
}

const labelHeight = 13;
const labelGap = 10;
const maxCharacters = 22;
/** More names than this would lie over each other. */
export const maxLabels = 20;

const shorten = (name: string): string =>
  name.length > maxCharacters ? `${name.slice(0, maxCharacters - 1)}…` : name;

/**
 * Returns the series of each line that carries its name: the main one, which is the mean of seeds, else one on
 * validation rows, else what there is. Where there are more names than can be read, only the lit line has one.
 */
export function labelled({ curves, lit }: Pick<Picture, 'curves' | 'lit'>): Series[] {
  const byLine = new Map<number, Series>();
  for (const one of curves.series) {
    const before = byLine.get(one.line);
    if (before === undefined || bearsName[one.role] > bearsName[before.role]) byLine.set(one.line, one);
  }
  const all = [...byLine.values()];
  return all.length <= maxLabels ? all : all.filter(({ line }) => line === lit);
}

/** Which series of a line is named: at the end of a single seed, a method would look better than it is. */
const bearsName = { train: 0, seed: 1, main: 2 } as const satisfies Record<Role, number>;

/** Returns the room right of the plot that names beside the ends of their lines need, pixels. */
export function labelRoom({
  curves,
  lit,
  names,
  width,
  left,
}: Picture & { width: number; left: number }): number {
  const minRoom = 12;
  const room = labelled({ curves, lit }).map(({ line, x }) => {
    const last = x.at(-1) ?? 0;
    const share = curves.xMax === null || curves.xMax <= 0 ? 1 : Math.min(1, last / curves.xMax);
    const label = labelGap + shorten(names[line] ?? '').length * 6.6;
    return share <= 0 ? minRoom : width - left - (width - left - label) / share;
  });
  return Math.min(width / 3, Math.max(minRoom, ...room));
}

/** Draws what chart.js does not: names at the lines' ends, best points, the key, the place that is read. */
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
  const entries = roles.flatMap((role) => {
    const word = key[role];
    return word !== undefined && curves.series.some((one) => one.role === role) ? [{ role, word }] : [];
  });
  ctx.strokeStyle = theme.dim;
  ctx.fillStyle = theme.dim;
  ctx.textAlign = 'right';
  let right = chartArea.right;
  for (const { role, word } of entries.reverse()) {
    ctx.fillText(word, right, 9);
    const end = right - ctx.measureText(word).width - 5;
    ctx.lineWidth = role === 'main' ? 2 : 1;
    ctx.setLineDash(role === 'train' ? [4, 3] : []);
    stroke(ctx, end - 18, 9, end, 9);
    right = end - 32;
  }
  ctx.setLineDash([]);
}

function drawCrosshair({ ctx, chartArea, scales }: Chart, theme: Theme, at: number | null): void {
  const x = at === null ? undefined : scales['x']?.getPixelForValue(at);
  if (x === undefined || x < chartArea.left || x > chartArea.right) return;
  ctx.strokeStyle = theme.dim;
  ctx.lineWidth = 1;
  stroke(ctx, x, chartArea.top, x, chartArea.bottom);
}

function drawBest({ ctx, chartArea, scales }: Chart, { curves, palette, theme }: Picture): void {
  for (const { line, x, y } of curves.best) {
    const left = scales['x']!.getPixelForValue(x);
    const top = scales['y']!.getPixelForValue(y);
    if (!inside(chartArea, left, top)) continue;
    ctx.beginPath();
    ctx.arc(left, top, 4, 0, 2 * Math.PI);
    ctx.fillStyle = theme.card;
    ctx.fill();
    ctx.lineWidth = 2;
    ctx.strokeStyle = lineLook(theme, palette, line).colour;
    ctx.stroke();
  }
}

function drawNames({ ctx, chartArea, scales }: Chart, { curves, palette, lit, names, theme }: Picture): void {
  const ends = labelled({ curves, lit }).flatMap(({ line, x, y }) => {
    const at = y.findLastIndex((value) => value !== null);
    if (at < 0) return [];
    const left = Math.min(scales['x']!.getPixelForValue(x[at]!), chartArea.right);
    const top = scales['y']!.getPixelForValue(y[at]!);
    return inside(chartArea, left, top) ? [{ line, left, top }] : [];
  });
  const tops = spreadLabels(
    ends.map(({ top }) => top),
    labelHeight,
    chartArea.top - labelHeight / 2,
    chartArea.bottom + labelHeight / 2,
  );
  ctx.textAlign = 'left';
  ends.forEach(({ line, left }, index) => {
    ctx.fillStyle = lineLook(theme, palette, line).colour + (lit === null || lit === line ? '' : '60');
    ctx.fillText(shorten(names[line] ?? ''), left + labelGap, tops[index]!);
  });
}

const inside = (area: Chart['chartArea'], x: number, y: number): boolean =>
  x >= area.left - 1 && x <= area.right + 1 && y >= area.top - 1 && y <= area.bottom + 1;

function stroke(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}
