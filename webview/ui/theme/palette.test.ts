import { describe, expect, it } from 'vitest';
import themes from '../../../test/webview/themes.json' with { type: 'json' };
import { contrast, hue, parseColour, type Colour } from './colour.js';
import { runColours, runPalette, taskPalette } from './palette.js';

/** Distances in it are as large as they look (Ottosson, 2020, OKLab). */
function oklab(text: string): number[] {
  const [r, g, b] = Object.values(colour(text)).map((channel: number) =>
    channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4,
  ) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const colour = (text: string): Colour => parseColour(text)!;

describe.each(Object.entries(themes))('the palette on VS Code’s %s theme', (_name, theme) => {
  const variables: Record<string, string> = theme.vars;
  const read = (variable: string): string => variables[variable] ?? '';
  const background = colour(read('--vscode-editorWidget-background') || read('--vscode-editor-background'));
  const palette = taskPalette(16, background, colour(read('--vscode-foreground')), read);

  it('has as many colours as there are tasks, all different', () => {
    expect(new Set(palette).size).toBe(16);
  });

  it('can be read as text', () => {
    for (const entry of palette) expect(contrast(colour(entry), background), entry).toBeGreaterThanOrEqual(3);
    for (const entry of palette.slice(0, 8))
      expect(contrast(colour(entry), background), entry).toBeGreaterThanOrEqual(4.5);
  });

  it('has twelve colours of runs that can be read and told apart', () => {
    const runs = runPalette(background, read);
    expect(runs).toHaveLength(runColours);
    for (const entry of runs) expect(contrast(colour(entry), background), entry).toBeGreaterThanOrEqual(4.5);
    for (const [index, one] of runs.entries()) {
      for (const other of runs.slice(index + 1)) {
        const distance = Math.hypot(...oklab(one).map((value, axis) => value - oklab(other)[axis]!));
        expect(distance, `${one} and ${other}`).toBeGreaterThan(0.06);
      }
    }
  });

  it('leaves red and yellow to trouble', () => {
    for (const entry of palette) {
      const angle = hue(colour(entry));
      if (angle !== null) expect(angle > 10 && angle < 345 && !(angle > 45 && angle < 70), entry).toBe(true);
    }
  });
});

it('colours are read in every way that a theme writes them', () => {
  expect(
    ['#3af', '#33aaff', '#33aaff80', 'rgb(51, 170, 255)', 'rgba(51,170,255,.5)'].map(parseColour),
  ).toEqual(Array.from({ length: 5 }, () => ({ r: 51, g: 170, b: 255 })));
  expect(['', 'transparent', '#12', 'rgb(a, b, c)'].map(parseColour)).toEqual([null, null, null, null]);
});
