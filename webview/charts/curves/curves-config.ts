import {
  BasicPlatform,
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type ChartConfiguration,
  type ChartDataset,
  type Point,
} from 'chart.js';
import { formatTick } from '../../../src/shared/numbers.js';
import type { Theme } from '../../ui/theme/theme.js';
import { svgCanvas } from '../svg-context.js';
import { curvesOverlay, labelRoom, type Overlay } from './curves-overlay.js';
import type { CurvesView } from './curves-view.js';
import { isAlone, type Curves, type CurvesKey, type Series } from './curves.js';
import { lineLook, type Palette } from './line-look.js';
import { thinned } from './thinned.js';
import { valueRange, type ValueRange } from './value-range.js';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

type LineConfiguration = ChartConfiguration<'line', Point[]>;
type Dataset = ChartDataset<'line', Point[]>;

/** All that the drawing of curves depends on. */
export interface CurvesPicture {
  readonly curves: Curves;
  /** [lines] The name of each line. */
  readonly names: readonly string[];
  readonly palette: Palette;
  /** The line that lies before all others; null: all lines are drawn alike. */
  readonly lit: number | null;
  readonly log: boolean;
  /** The part that is shown; null: all. */
  readonly view: CurvesView | null;
  readonly width: number;
  readonly theme: Theme;
  /** Words for the key above the chart. */
  readonly key: CurvesKey;
}

/** Width of the vertical axis, pixels. */
const axisRoom = 50;
/** Radius of a point that is no part of a line and would not be seen otherwise, pixels. */
const loneRadius = 2.5;

/** Returns what chart.js needs to draw the curves. */
export function curvesConfig(picture: CurvesPicture, overlay: () => Overlay): LineConfiguration {
  const { theme, view, log, curves } = picture;
  const ticks = {
    color: theme.dim,
    font: { size: 11, family: theme.font },
    maxRotation: 0,
    autoSkipPadding: 24,
  };
  const range = valueRange(curves);
  return {
    type: 'line',
    data: { datasets: datasets(picture, false) },
    options: {
      responsive: false,
      animation: false,
      events: [],
      parsing: false,
      normalized: true,
      layout: { padding: { top: 24, right: labelRoom({ ...picture, left: axisRoom }) } },
      elements: { point: { radius: 0 }, line: { tension: 0 } },
      scales: {
        x: {
          type: 'linear',
          ...(view
            ? { min: view.x[0], max: view.x[1] }
            : { min: firstX(curves), ...(curves.xMax === null ? {} : { max: curves.xMax }) }),
          grid: { display: false },
          border: { display: false },
          ticks: {
            ...ticks,
            maxTicksLimit: 7,
            callback: (value, _index, all) => tickText(Number(value), all),
          },
        },
        y: {
          type: log ? 'logarithmic' : 'linear',
          ...yBounds(picture, range),
          grid: { color: theme.grid, drawTicks: false },
          border: { display: false },
          ticks: {
            ...ticks,
            padding: 10,
            maxTicksLimit: 9,
            ...(view || log || !range ? {} : { stepSize: range.step }),
            callback: (value, _index, all) => tickText(Number(value), all),
          },
          afterFit: (axis: { width: number }) => (axis.width = axisRoom),
        },
      },
    },
    plugins: [curvesOverlay(picture, overlay)],
  };
}

function yBounds({ view, log }: CurvesPicture, range: ValueRange | null): { min?: number; max?: number } {
  if (view) return { min: view.y[0], max: view.y[1] };
  return range && !log ? { min: range.min, max: range.max } : {};
}

const firstX = ({ series }: Curves): number => Math.min(0, ...series.map(({ x }) => x[0] ?? 0));

const lastX = ({ series }: Curves): number => Math.max(0, ...series.map(({ x }) => x.at(-1) ?? 0));

function tickText(value: number, all: readonly { value: number }[]): string {
  if (all.length < 2) return formatTick(value, Math.abs(value) / 100);
  const gaps = all.slice(1).map((tick, index) => Math.abs(tick.value - all[index]!.value));
  const gap = Math.min(...gaps);
  // chart.js adds up steps, so that a tick at 0 may have a tiny value instead.
  return formatTick(Math.abs(value) < gap * 1e-6 ? 0 : value, stepBelow(gap));
}

/** Returns the power of ten whose decimals tell ticks apart: that of the gap, or a tenth of it for 0.25. */
function stepBelow(gap: number): number {
  const power = 10 ** Math.floor(Math.log10(gap) + 1e-9);
  return Math.abs(gap / power - Math.round(gap / power)) < 1e-6 ? power : power / 10;
}

/**
 * Returns chart.js' lines, the first of which lies on top. With `inParts` each is drawn piece by piece,
 * because svgcanvas does not know Path2D.
 */
function datasets(picture: CurvesPicture, inParts: boolean): Dataset[] {
  const { curves, lit, view } = picture;
  const shown = view?.x ?? ([firstX(curves), curves.xMax ?? lastX(curves)] as const);
  const segment = inParts ? { segment: {} } : {};
  const lines: { series: Series; front: Dataset; behind: Dataset | null }[] = curves.series.map((series) => {
    const { x, raw, y } = series;
    const drawn = (values: readonly (number | null)[]): number[] =>
      inParts ? x.map((_, index) => index) : thinned(x, values, { shown, columns: picture.width });
    const points = (values: readonly (number | null)[], indices: readonly number[]): Point[] =>
      indices.map((index) => ({ x: x[index]!, y: values[index] ?? NaN }));
    const places = drawn(y);
    const common = { ...segment, pointRadius: 0, pointHitRadius: 0, clip: loneRadius };
    const { colour, ...stroke } = strokeOf(picture, series);
    const radii = places.map((index) => (isAlone(y, index) ? loneRadius : 0));
    const front: Dataset = {
      ...common,
      data: points(y, places),
      // With a radius of its own each point is styled on its own, which takes far longer than to draw it.
      pointRadius: radii.some((radius) => radius > 0) ? radii : 0,
      pointBackgroundColor: colour,
      pointBorderWidth: 0,
      borderColor: colour,
      ...stroke,
    };
    const behind: Dataset = {
      ...common,
      data: points(raw, drawn(raw)),
      borderColor: `${colour.slice(0, 7)}40`,
      borderWidth: 1,
    };
    const isSmoothed =
      series.role !== 'seed' && y !== raw && !y.every((value, index) => value === raw[index]);
    return { series, front, behind: isSmoothed ? behind : null };
  });
  const height = ({ series }: { series: Series }): number =>
    (series.line === lit ? 2 : 0) + (series.role === 'seed' ? 0 : 1);
  return [
    ...lines
      .reverse()
      .sort((a, b) => height(b) - height(a))
      .map(({ front }) => front),
    ...lines.flatMap(({ behind }) => (behind ? [behind] : [])),
  ];
}

function strokeOf(
  { theme, palette, lit }: CurvesPicture,
  { line, role }: Series,
): { colour: string; borderWidth: number; borderDash: number[] } {
  const { colour, dash } = lineLook(theme, palette, line);
  const isLit = line === lit;
  const faded = lit !== null && !isLit;
  switch (role) {
    case 'main':
      return { colour: faded ? `${colour}40` : colour, borderWidth: isLit ? 3 : 2, borderDash: [...dash] };
    case 'train':
      return { colour: `${colour}${faded ? '30' : '99'}`, borderWidth: 1, borderDash: [4, 3] };
    case 'seed':
      return {
        colour: `${colour}${faded ? '20' : isLit ? 'cc' : '80'}`,
        borderWidth: 1,
        borderDash: [...dash],
      };
  }
}

/** Returns the chart as an SVG file: the same drawing, on a context that writes SVG. */
export function curvesSvg(picture: CurvesPicture, height: number): string {
  const { width, theme } = picture;
  const canvas = svgCanvas(width, height);
  const context = canvas.ctx;
  const paper = {
    id: 'paper',
    beforeDraw: () => {
      context.fillStyle = theme.card;
      context.fillRect(0, 0, width, height);
    },
  };
  const config = curvesConfig(picture, () => ({ crosshair: null }));
  const chart = new Chart(canvas, {
    ...config,
    platform: BasicPlatform,
    data: { datasets: datasets(picture, true) },
    options: { ...config.options, devicePixelRatio: 1 },
    plugins: [paper, ...(config.plugins ?? [])],
  });
  const svg = context.getSerializedSvg();
  chart.destroy();
  return svg;
}
