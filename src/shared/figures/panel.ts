import { colourOf, dashOf, type Look, type Shape } from './figure.js';
import type { Scale } from './scale.js';

/** The parts of figures: panels beside and below each other, their axes, and a key above them. */

export const fontSize = 11;
const lineHeight = 16;

/** The area of a panel in which values are drawn. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Panels {
  readonly areas: readonly Area[];
  readonly height: number;
}

const margins = { left: 58, right: 14, top: 26, bottom: 42 } as const;
const leastWidth = 250;

/** Places panels of a height below a top, as many beside each other as there is room for. */
export function placePanels(count: number, width: number, top: number, height = 240): Panels {
  const columns = Math.max(1, Math.min(count, Math.floor(width / leastWidth)));
  const each = width / columns;
  const areas = Array.from({ length: count }, (_, i): Area => {
    const [x, y] = [(i % columns) * each, top + Math.floor(i / columns) * height];
    return {
      left: x + margins.left,
      right: x + each - margins.right,
      top: y + margins.top,
      bottom: y + height - margins.bottom,
    };
  });
  return { areas, height: top + Math.ceil(count / columns) * height };
}

export interface Axes {
  readonly title: string;
  readonly x: Scale | readonly { readonly at: number; readonly label: string }[];
  readonly y: Scale;
  readonly xLabel: string;
  readonly yLabel: string;
}

/** Draws the axes of a panel: grid, ticks, labels and its title. */
export function drawAxes(area: Area, { title, x, y, xLabel, yLabel }: Axes, look: Look): Shape[] {
  const { left, right, top, bottom } = area;
  const middle = (top + bottom) / 2;
  const xTicks = 'ticks' in x ? x.ticks.map(({ value, label }) => ({ at: x.at(value), label })) : x;
  const room = (right - left) / Math.max(1, xTicks.length);
  return [
    ...y.ticks.flatMap(({ value, label }) => [
      line(left, y.at(value), right, y.at(value), look.grid),
      text(left - 6, y.at(value), label, look, { 'text-anchor': 'end' }),
    ]),
    line(left, bottom, right, bottom, look.dim),
    ...xTicks.flatMap(({ at, label }) => [
      line(at, bottom, at, bottom + 3, look.dim),
      text(at, bottom + 12, shorten(label, room), look, { 'text-anchor': 'middle' }),
    ]),
    text((left + right) / 2, bottom + 30, xLabel, look, { 'text-anchor': 'middle', fill: look.text }),
    text(0, 0, shorten(yLabel, bottom - top + 40), look, {
      'text-anchor': 'middle',
      fill: look.text,
      transform: `translate(${left - 46} ${middle}) rotate(-90)`,
    }),
    ...(title === ''
      ? []
      : [
          text(left, top - 12, shorten(title, right - left), look, {
            fill: look.text,
            'font-weight': 'bold',
          }),
        ]),
  ];
}

/** Draws names with their colours, in as many lines as they need. */
export function drawKey(
  names: readonly string[],
  width: number,
  look: Look,
  indices: readonly number[] = names.map((_, i) => i),
): { shapes: Shape[]; height: number } {
  let x: number = margins.left;
  let y = 12;
  const shapes: Shape[] = [];
  names.forEach((name, i) => {
    const label = shorten(name, width - margins.left - 40);
    const size = 26 + textWidth(label) + 14;
    if (x > margins.left && x + size > width) [x, y] = [margins.left, y + lineHeight];
    const index = indices[i]!;
    shapes.push(
      line(x, y, x + 18, y, colourOf(look, index), { 'stroke-width': 2.5, ...dashOf(look, index) }),
      text(x + 24, y, label, look, { fill: look.text }),
    );
    x += size;
  });
  return { shapes, height: names.length === 0 ? 0 : y + lineHeight / 2 };
}

export const line = (
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
  more: Shape['attributes'] = {},
): Shape => ({ tag: 'line', attributes: { x1, y1, x2, y2, stroke, ...more } });

export const path = (d: string, more: Shape['attributes']): Shape => ({
  tag: 'path',
  attributes: { d, fill: 'none', ...more },
});

/** Draws a text whose middle is at `y`. */
export const text = (
  x: number,
  y: number,
  content: string,
  look: Look,
  more: Shape['attributes'] = {},
): Shape => ({
  tag: 'text',
  attributes: {
    ...{ x, y, fill: look.dim, 'font-family': look.font, 'font-size': fontSize },
    // Not "dominant-baseline": programs that place figures in papers do not all know it.
    dy: fontSize * 0.35,
    ...more,
  },
  text: content,
});

/** About the width of a text, pixels, in whatever font without serifs. */
const textWidth = (content: string): number => content.length * fontSize * 0.56;

/** Cuts a text to a width. */
export function shorten(content: string, width: number): string {
  const most = Math.max(2, Math.floor(width / (fontSize * 0.56)));
  return content.length <= most ? content : `${content.slice(0, most - 1)}…`;
}
