import { colourOf, pathOf, type Figure, type Look, type Mark, type Shape } from '../../figures/figure.js';
import { drawAxes, line, path, placePanels, shorten, text } from '../../figures/panel.js';
import { extentOf, scaleOf } from '../../figures/scale.js';
import type { TableData } from '../../figures/table-data.js';
import { formatMetric, formatPercent, formatProgress } from '../../numbers.js';
import type { SettingImportance } from '../importance.js';
import { numberAt, type ObservedSetting } from '../observed.js';
import { measureName, type Measure } from '../results.js';

const [rowHeight, nameWidth] = [26, 130];

/** Draws how much settings matter, the most important first: the share of the variance alone, and with others. */
export function importanceFigure(all: readonly SettingImportance[], width: number, look: Look): Figure {
  const sorted = byImportance(all);
  const [left, right, top] = [nameWidth, Math.max(nameWidth + 80, Math.min(width, 720) - 60), 8];
  const bottom = top + sorted.length * rowHeight;
  const x = scaleOf([0, 1], [left, right], { count: 5 });
  const shapes: Shape[] = x.ticks.flatMap(({ value }) => [
    line(x.at(value), top, x.at(value), bottom, look.grid),
    text(x.at(value), bottom + 12, formatProgress(value), look, { 'text-anchor': 'middle' }),
  ]);
  const marks: Mark[] = [];
  const colour = colourOf(look, 0);
  sorted.forEach(({ setting, alone, together }, i) => {
    const y = top + i * rowHeight;
    const bar = (share: number, opacity: number): Shape => ({
      tag: 'rect',
      attributes: {
        ...{ x: left, y: y + 5, width: Math.max(0, x.at(share) - left), height: rowHeight - 10 },
        ...{ fill: colour, 'fill-opacity': opacity },
      },
    });
    shapes.push(
      bar(together, 0.3),
      bar(alone, 0.85),
      text(left - 8, y + rowHeight / 2, shorten(setting.label, nameWidth - 12), look, {
        ...{ 'text-anchor': 'end', fill: look.text },
      }),
      text(x.at(together) + 6, y + rowHeight / 2, formatPercent(together), look),
    );
    marks.push({
      ...{ x: x.at(alone), y: y + rowHeight / 2, run: null, colour, title: setting.label },
      rows: [
        ['alone', formatPercent(alone)],
        ['with others', formatPercent(together)],
      ],
    });
  });
  shapes.push(
    line(left, top, left, bottom, look.dim),
    text((left + right) / 2, bottom + 30, 'share of the variance', look, {
      ...{ 'text-anchor': 'middle', fill: look.text },
    }),
  );
  return { width, height: bottom + 44, shapes, marks };
}

const byImportance = (all: readonly SettingImportance[]): SettingImportance[] =>
  [...all].sort((one, other) => other.together - one.together);

/** Draws what a measure is believed to be at the values of each setting, all others at any value. */
export function dependenceFigure(
  all: readonly SettingImportance[],
  measure: Measure,
  width: number,
  look: Look,
): Figure {
  const sorted = byImportance(all).filter(({ dependence }) => dependence.length > 0);
  const extent = extentOf(sorted.flatMap(({ dependence }) => dependence.map(({ mean }) => mean))) ?? [0, 1];
  const placed = placePanels(sorted.length, width, 0, 220);
  const shapes: Shape[] = [];
  const marks: Mark[] = [];
  sorted.forEach(({ setting, dependence }, i) => {
    const area = placed.areas[i]!;
    const y = scaleOf(extent, [area.bottom, area.top], { room: 0.06 });
    const { values, from, to, log } = setting;
    const slot = (area.right - area.left) / Math.max(1, values?.length ?? 1);
    const range = scaleOf([from, to], [area.left + 6, area.right - 6], { log, count: 4 });
    const at = (place: number): number =>
      values === null ? range.at(numberAt(setting, place)) : area.left + (place + 0.5) * slot;
    const x = values === null ? range : values.map((label, place) => ({ at: at(place), label }));
    shapes.push(
      ...drawAxes(area, { title: '', x, y, xLabel: setting.label, yLabel: measureName(measure) }, look),
    );
    const stroke = colourOf(look, 0);
    const places = dependence.map(({ at: place, mean }) => [at(place), y.at(mean)] as const);
    if (values === null) shapes.push(path(pathOf(places), { stroke, 'stroke-width': 1.75 }));
    places.forEach(([cx, cy], k) => {
      if (values !== null || setting.levels !== null)
        shapes.push({ tag: 'circle', attributes: { cx, cy, r: 3.2, fill: stroke } });
      const { at: place, mean } = dependence[k]!;
      marks.push({
        ...{ x: cx, y: cy, run: null, colour: stroke, title: `${setting.label} ${valueAt(setting, place)}` },
        rows: [[measureName(measure), formatMetric(mean)]],
      });
    });
  });
  return { width, height: placed.height, shapes, marks };
}

const valueAt = (setting: ObservedSetting, place: number): string =>
  setting.values === null ? formatMetric(numberAt(setting, place)) : (setting.values[place] ?? '');

/** Returns how much settings matter, a row for each, the most important first. */
export const importanceTable = (all: readonly SettingImportance[]): TableData => ({
  columns: ['setting', 'alone', 'with others'],
  rows: byImportance(all).map(({ setting, alone, together }) => [setting.label, alone, together]),
});

/** Returns the numbers behind partial dependence, a row for each value of each setting. */
export const dependenceTable = (all: readonly SettingImportance[], measure: Measure): TableData => ({
  columns: ['setting', 'value', measureName(measure)],
  rows: byImportance(all).flatMap(({ setting, dependence }) =>
    dependence.map(({ at, mean }) => [
      setting.label,
      setting.values === null ? numberAt(setting, at) : (setting.values[at] ?? null),
      mean,
    ]),
  ),
});
