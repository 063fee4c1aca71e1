import { hue, luminance, mixColours, parseColour, readable, toHex, type Colour } from './colour.js';

/**
 * The colours of tasks. Neighbours differ in hue and in lightness, so that they can be told apart with any
 * colour vision; red and yellow stay free for trouble. Labels are drawn in them, hence the contrast of text
 * (WCAG 2.2, 1.4.3).
 */
export const textContrast = 4.55;

interface Slot {
  readonly hue: number;
  /** The theme's own, where it has that hue. */
  readonly variable?: string;
  readonly fallback: string;
}

const slots: readonly Slot[] = [
  { hue: 212, variable: '--vscode-charts-blue', fallback: '#3794ff' },
  { hue: 35, variable: '--vscode-charts-orange', fallback: '#d18616' },
  { hue: 280, variable: '--vscode-charts-purple', fallback: '#b180d7' },
  { hue: 170, fallback: '#2bb5a0' },
  { hue: 325, fallback: '#e06fb2' },
  { hue: 95, fallback: '#7fae4b' },
  { hue: 210, fallback: '#8b9bb0' },
  { hue: 20, fallback: '#b0836a' },
];

/**
 * Runs, which are many, have these besides: paler than the others on a dark background, deeper on a light
 * one. More than that and the colours come again, dashed.
 */
const laterRuns: readonly { readonly dark: string; readonly light: string }[] = [
  { dark: '#a5e3f7', light: '#0b3f66' },
  { dark: '#d6c8ff', light: '#33208c' },
  { dark: '#c3e6a1', light: '#1d4a1f' },
  { dark: '#ffc2e0', light: '#7d0f55' },
];
export const mostRuns = slots.length + laterRuns.length;

/** Tasks beyond the slots take the same hues, nearer to the text's colour. */
const laterShare = 0.45;

/** `read` gives the value of a CSS variable, '' where there is none. */
export function taskPalette(
  count: number,
  background: Colour,
  foreground: Colour,
  read: (variable: string) => string,
): string[] {
  return Array.from({ length: count }, (_, index) => {
    const slot = slots[index % slots.length]!;
    const colour = readable(themed(slot, read), background, textContrast);
    const round = Math.floor(index / slots.length);
    return toHex(round === 0 ? colour : mixColours(colour, foreground, Math.min(0.8, laterShare * round)));
  });
}

function themed({ hue: wanted, variable, fallback }: Slot, read: (variable: string) => string): Colour {
  const own = variable === undefined ? null : opaque(read(variable));
  const ownHue = own && hue(own);
  // High-contrast themes fill these variables with whatever stands out: take only what is the colour that it
  // is called.
  if (own && ownHue !== null && Math.abs(ownHue - wanted) < 25) return own;
  return parseColour(fallback)!;
}

/** Newer themes give some of these variables as a tint to lay over text. */
const opaque = (text: string): Colour | null =>
  /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(text.trim()) ? parseColour(text) : null;

/** The colours of runs and methods. */
export function runPalette(background: Colour, read: (variable: string) => string): string[] {
  const kind = luminance(background) > 0.18 ? 'light' : 'dark';
  const all = [
    ...slots.map((slot) => themed(slot, read)),
    ...laterRuns.map((later) => parseColour(later[kind])!),
  ];
  return all.map((colour) => toHex(readable(colour, background, textContrast)));
}
