/**
 * Figures as data: shapes of SVG that a page draws in the colours of its theme and the program writes into files, by the
 * same code and without a browser.
 */

export interface Shape {
  readonly tag: 'g' | 'line' | 'path' | 'circle' | 'rect' | 'text';
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly text?: string;
  readonly children?: readonly Shape[];
}

/** A place of a figure that can be pointed at. */
export interface Mark {
  readonly x: number;
  readonly y: number;
  /** The training that it stands for; null: it stands for several. */
  readonly run: string | null;
  readonly title: string;
  readonly rows: readonly (readonly [string, string])[];
  readonly colour: string;
}

export interface Figure {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
  /** In the order in which the arrow keys go through them. */
  readonly marks: readonly Mark[];
}

/** How figures look: fonts and colours. */
export interface Look {
  readonly font: string;
  readonly text: string;
  readonly dim: string;
  readonly grid: string;
  /** Behind the figure. */
  readonly paper: string;
  readonly colours: readonly string[];
}

/** For papers: dark on white, in colours that can be told apart with any colour vision (Okabe and Ito, 2008). */
export const paperLook: Look = {
  font: 'Helvetica, Arial, sans-serif',
  text: '#000000',
  dim: '#333333',
  grid: '#e0e0e0',
  paper: '#ffffff',
  colours: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#a06000', '#5e3c99', '#000000'],
};

export const colourOf = ({ colours }: Look, index: number): string => colours[index % colours.length]!;

/** Colours are used again, dashed. */
export const dashOf = ({ colours }: Look, index: number): Record<string, string> => {
  const round = Math.floor(index / colours.length) % 3;
  return round === 0 ? {} : { 'stroke-dasharray': round === 1 ? '6 3' : '2 2' };
};

/** Returns a figure as an SVG file. */
export function svgFile({ width, height, shapes }: Figure, { paper }: Look): string {
  const ground: Shape = { tag: 'rect', attributes: { width, height, fill: paper } };
  const inner = [ground, ...shapes].map(svgText).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n${inner}\n</svg>\n`;
}

function svgText({ tag, attributes, text = '', children = [] }: Shape): string {
  const given = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(shown(value))}"`);
  const inner = escaped(text) + children.map(svgText).join('');
  return inner === '' ? `<${tag}${given.join('')}/>` : `<${tag}${given.join('')}>${inner}</${tag}>`;
}

/** A hundredth of a pixel is seen by nobody. */
export const shown = (value: string | number): string =>
  typeof value === 'number' ? String(Math.round(value * 100) / 100) : value;

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    // What XML has no way to write.
    // eslint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');

/** Returns a line through places; those without a number part it. */
export function pathOf(places: readonly (readonly [number, number | null])[]): string {
  let path = '';
  let isDown = false;
  for (const [x, y] of places) {
    if (y === null) isDown = false;
    else {
      path += `${isDown ? 'L' : 'M'}${shown(x)} ${shown(y)}`;
      isDown = true;
    }
  }
  return path;
}
