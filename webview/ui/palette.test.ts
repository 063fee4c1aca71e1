import { describe, expect, it } from 'vitest';
import themes from '../../test/webview/themes.json' with { type: 'json' };
import { contrast, hue, parseColour, type Colour } from './colour.js';
import { taskPalette } from './palette.js';

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
    for (const entry of palette.slice(0, 8)) expect(contrast(colour(entry), background), entry).toBeGreaterThanOrEqual(4.5);
  });

  it('leaves red and yellow to trouble', () => {
    for (const entry of palette) {
      const angle = hue(colour(entry));
      if (angle !== null) expect(angle > 10 && angle < 345 && !(angle > 45 && angle < 70), entry).toBe(true);
    }
  });
});

it('colours are read in every way that a theme writes them', () => {
  expect(['#3af', '#33aaff', '#33aaff80', 'rgb(51, 170, 255)', 'rgba(51,170,255,.5)'].map(parseColour)).toEqual(
    Array.from({ length: 5 }, () => ({ r: 51, g: 170, b: 255 })),
  );
  expect(['', 'transparent', '#12', 'rgb(a, b, c)'].map(parseColour)).toEqual([null, null, null, null]);
});
