import { colourOf, pathOf, type Figure, type Look, type Mark, type Shape } from '../../figures/figure.js';
import { drawAxes, drawKey, fontSize, line, path, shorten, text } from '../../figures/panel.js';
import { extentOf, scaleOf, type Scale } from '../../figures/scale.js';
import type { TableData } from '../../figures/table-data.js';
import { formatMetric } from '../../numbers.js';
import { meanOf, standardDeviation } from '../../statistics/statistics.js';
import type { StudyLine } from '../line.js';
import type { StudyRecord } from '../record.js';
import { measured, measureName, type Measure } from '../results.js';
import { lastOf, shownValue } from '../settings.js';

/** A setting or a measure that trainings are told apart by. */
export interface Axis {
  readonly name: string;
  /** What is written at the axis. */
  readonly label: string;
  /** The values in their order; null: they are numbers on a scale. */
  readonly values: readonly string[] | null;
  readonly log: boolean;
  /** Where a training is: a number, or a place in `values`; null: it is nowhere. */
  at(line: StudyLine): number | null;
}

/** A part of an axis, as shares of its height from the bottom: trainings outside of it are left out. */
export interface Brush {
  readonly axis: string;
  readonly from: number;
  readonly to: number;
}

/** Returns the trainings that settings are looked at by: those of results, and those that helped to choose. */
export function consideredLines(record: StudyRecord, lines: Iterable<StudyLine>): StudyLine[] {
  const planned = record.planned === null ? null : new Set(record.planned);
  return [...lines].filter(({ key, status }) => status === 'finished' && (planned?.has(key) ?? true));
}

/** Returns the measure that all of some trainings have: those that helped to choose have it of validation rows only. */
export const judgedBy = (lines: readonly StudyLine[], measure: Measure): Measure =>
  lines.some(({ isTrial }) => isTrial) ? { ...measure, split: 'validation' } : measure;

/** Returns the axes of a study: the settings that have several values, and then the measures. */
export function axesOf(
  record: StudyRecord,
  lines: readonly StudyLine[],
  measures: readonly Measure[],
): Axis[] {
  const { vary, drawn, pick, tune } = record;
  const paths = new Set([
    ...Object.keys(vary),
    ...drawn,
    ...(pick === null ? [] : [pick.setting]),
    ...Object.keys(tune?.settings ?? {}),
  ]);
  const settings = [...paths].flatMap((setting): Axis[] => {
    const values = [...new Set(lines.flatMap(({ settings: own }) => (setting in own ? [own[setting]] : [])))];
    if (new Set(values.map((value) => JSON.stringify(value))).size < 2) return [];
    return [settingAxis(setting, values)];
  });
  return [
    ...settings,
    ...measures.map((measure): Axis => ({
      ...{ name: measureName(measure), label: measureName(measure), values: null, log: false },
      at: (one) => measured(one, measure),
    })),
  ];
}

function settingAxis(setting: string, values: readonly unknown[]): Axis {
  const label = lastOf(setting);
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === values.length) {
    const [low, high] = extentOf(numbers)!;
    return {
      ...{ name: setting, label, values: null, log: low > 0 && high / low >= 20 },
      at: ({ settings }) => (typeof settings[setting] === 'number' ? settings[setting] : null),
    };
  }
  const shown = [...new Set(values.map(shownValue))];
  return {
    ...{ name: setting, label, values: shown, log: false },
    at: ({ settings }) => (setting in settings ? shown.indexOf(shownValue(settings[setting])) : null),
  };
}

interface Drawn {
  readonly axis: Axis;
  readonly x: number;
  readonly scale: Scale;
}

const [top, bottom] = [34, 250];
const height = 272;

/** Returns where axes stand, so that a page can tell which one is brushed. */
export const axisPlaces = (count: number, width: number): number[] =>
  Array.from({ length: count }, (_, i) => 70 + (i * (width - 140)) / Math.max(1, count - 1));

/** Returns the share of an axis's height, from the bottom, at a place of the figure. */
export const brushShare = (y: number): number => Math.min(1, Math.max(0, (bottom - y) / (bottom - top)));

/** Draws every training as a line through its settings and measures, coloured by the last measure. */
export function parallelFigure(
  axes: readonly Axis[],
  lines: readonly StudyLine[],
  brushes: readonly Brush[],
  width: number,
  look: Look,
): Figure {
  const places = axisPlaces(axes.length, width);
  const drawn = axes.map((axis, i): Drawn => ({ axis, x: places[i]!, scale: axisScale(axis, lines) }));
  const shapes: Shape[] = [];
  const marks: Mark[] = [];
  const groups = axes.find(({ values }) => values !== null);
  const isIn = insideOf(drawn, brushes);
  for (const wanted of [false, true])
    for (const one of lines) {
      if (isIn(one) !== wanted) continue;
      const stroke = wanted ? colourOf(look, groups?.at(one) ?? 0) : look.grid;
      const at = drawn.map(({ axis, x, scale }) => {
        const value = axis.at(one);
        return [x, value === null ? null : scale.at(value)] as const;
      });
      shapes.push(path(pathOf(at), { stroke, 'stroke-opacity': wanted ? 0.55 : 0.5 }));
      const [x, y] = at.at(-1) ?? [0, null];
      if (wanted && y !== null)
        marks.push({
          ...{ x, y, run: one.key, colour: stroke, title: `seed ${one.seed}` },
          rows: axes.map((axis) => [axis.label, valueText(axis, one)] as const),
        });
    }
  for (const { axis, x, scale } of drawn) {
    shapes.push(line(x, top, x, bottom, look.dim));
    const room = (width - 140) / Math.max(1, axes.length - 1);
    shapes.push(
      text(x, 14, shorten(axis.label, Math.max(60, room - 8)), look, {
        ...{ 'text-anchor': 'middle', fill: look.text, 'font-weight': 'bold' },
      }),
    );
    for (const { value, label } of scale.ticks)
      shapes.push(
        line(x - 3, scale.at(value), x, scale.at(value), look.dim),
        text(x - 6, scale.at(value), shorten(label, 62), look, {
          ...{ 'text-anchor': 'end', fill: look.text, 'font-size': fontSize - 1 },
        }),
      );
    const brush = brushes.find(({ axis: name }) => name === axis.name);
    if (brush !== undefined) {
      const yOf = (share: number): number => bottom - share * (bottom - top);
      shapes.push({
        tag: 'rect',
        attributes: {
          ...{ x: x - 6, y: yOf(brush.to), width: 12, height: Math.max(1, yOf(brush.from) - yOf(brush.to)) },
          ...{ fill: look.text, 'fill-opacity': 0.18, stroke: look.text },
        },
      });
    }
  }
  return { width, height, shapes, marks };
}

function axisScale(axis: Axis, lines: readonly StudyLine[]): Scale {
  const { values, log } = axis;
  if (values !== null) {
    const step = (bottom - top) / Math.max(1, values.length);
    const at = (value: number): number => bottom - (value + 0.5) * step;
    return { at, ticks: values.map((label, value) => ({ value, label })) };
  }
  const extent = extentOf(lines.flatMap((one) => axis.at(one) ?? [])) ?? [0, 1];
  return scaleOf(extent, [bottom, top], { log, room: 0.02 });
}

/** Returns whether a training is within all brushes. */
function insideOf(drawn: readonly Drawn[], brushes: readonly Brush[]): (line: StudyLine) => boolean {
  const limits = brushes.flatMap(({ axis: name, from, to }) => {
    const found = drawn.find(({ axis }) => axis.name === name);
    return found === undefined ? [] : [{ ...found, from, to }];
  });
  return (one) =>
    limits.every(({ axis, scale, from, to }) => {
      const value = axis.at(one);
      if (value === null) return false;
      const share = brushShare(scale.at(value));
      return share >= from && share <= to;
    });
}

function valueText(axis: Axis, one: StudyLine): string {
  const value = axis.at(one);
  return value === null ? '–' : axis.values === null ? formatMetric(value) : (axis.values[value] ?? '–');
}

/** Returns what trainings are told apart by, a row for each. */
export function parallelTable(axes: readonly Axis[], lines: readonly StudyLine[]): TableData {
  return {
    columns: ['seed', 'trial', ...axes.map(({ label }) => label)],
    rows: lines.map((one) => [
      one.seed,
      one.isTrial ? 'yes' : 'no',
      ...axes.map((axis) => {
        const value = axis.at(one);
        return value === null || axis.values === null ? value : (axis.values[value] ?? null);
      }),
    ]),
  };
}

/**
 * Draws a measure against a setting: every training and, where its values are few, the mean at each value with ±1
 * standard deviation.
 */
export function settingFigure(
  axis: Axis,
  lines: readonly StudyLine[],
  measure: Measure,
  { group, width, look }: { readonly group: Axis | undefined; readonly width: number; readonly look: Look },
): Figure {
  const points = lines.flatMap((one) => {
    const [x, y] = [axis.at(one), measured(one, measure)];
    return x === null || y === null ? [] : [{ one, x, y, index: group?.at(one) ?? 0 }];
  });
  const key = drawKey(group?.values ?? [], width, look);
  const area = { left: 66, right: width - 16, top: key.height + 16, bottom: key.height + 214 };
  const y = scaleOf(extentOf(points.map((point) => point.y)) ?? [0, 1], [area.bottom, area.top], {
    room: 0.05,
  });
  const step = (area.right - area.left) / Math.max(1, axis.values?.length ?? 1);
  const x =
    axis.values === null
      ? scaleOf(extentOf(points.map((point) => point.x)) ?? [0, 1], [area.left + 10, area.right - 10], {
          log: axis.log,
          count: 6,
        })
      : {
          at: (value: number): number => area.left + (value + 0.5) * step,
          ticks: axis.values.map((label, value) => ({ value, label })),
        };
  const shapes: Shape[] = [
    ...key.shapes,
    ...drawAxes(area, { title: '', x, y, xLabel: axis.label, yLabel: measureName(measure) }, look),
  ];
  const marks: Mark[] = [];
  for (const { one, x: across, y: up, index } of points) {
    const [cx, cy, fill] = [x.at(across), y.at(up), colourOf(look, index)];
    shapes.push({ tag: 'circle', attributes: { cx, cy, r: 2.2, fill, 'fill-opacity': 0.5 } });
    marks.push({
      ...{ x: cx, y: cy, run: one.key, colour: fill },
      title: [group === undefined ? '' : valueText(group, one), `seed ${one.seed}`]
        .filter((part) => part !== '')
        .join(', '),
      rows: [
        [axis.label, valueText(axis, one)],
        [measureName(measure), formatMetric(up)],
      ],
    });
  }
  for (const [index, means] of meansOf(points)) {
    const stroke = colourOf(look, index);
    const within = (value: number): number => Math.min(area.bottom, Math.max(area.top, y.at(value)));
    const at = (of: (mean: MeanAt) => number) =>
      means.map((mean) => [x.at(mean.x), within(of(mean))] as const);
    const [low, high] = [at(({ mean, sd }) => mean - sd), at(({ mean, sd }) => mean + sd)];
    if (means.length > 1 && means.some(({ sd }) => sd > 0))
      shapes.push(
        path(`${pathOf([...low, ...high.reverse()])}Z`, {
          ...{ fill: stroke, 'fill-opacity': 0.15, stroke: 'none' },
        }),
      );
    shapes.push(path(pathOf(at(({ mean }) => mean)), { stroke, 'stroke-width': 1.75 }));
  }
  return { width, height: key.height + 256, shapes, marks };
}

const mostMeans = 12;

interface MeanAt {
  readonly x: number;
  readonly mean: number;
  /** 0 of one training. */
  readonly sd: number;
}

/** Returns the mean at each value, by colour, where values are few and have several trainings. */
function meansOf(
  points: readonly { readonly x: number; readonly y: number; readonly index: number }[],
): Map<number, MeanAt[]> {
  const byIndex = new Map<number, Map<number, number[]>>();
  if (new Set(points.map(({ x }) => x)).size > mostMeans) return new Map();
  for (const { x, y, index } of points) {
    const values = byIndex.get(index) ?? new Map<number, number[]>();
    byIndex.set(index, values);
    values.set(x, [...(values.get(x) ?? []), y]);
  }
  return new Map(
    [...byIndex].map(([index, values]) => [
      index,
      [...values]
        .sort(([a], [b]) => a - b)
        .map(([at, ys]): MeanAt => ({ x: at, mean: meanOf(ys), sd: standardDeviation(ys) ?? 0 })),
    ]),
  );
}
