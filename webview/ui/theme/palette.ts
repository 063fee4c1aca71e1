import { hue, luminance, mixColours, parseColour, readable, toHex, type Colour } from './colour.js';

/** The contrast that text needs (WCAG 2.2, 1.4.3), with a little to spare for rounding. */
export const textContrast = 4.55;

interface Slot {
  readonly hue: number;
  /** The theme's own colour, which is taken where it has that hue. */
  readonly variable?: string;
  readonly fallback: string;
}

/**
 * The colours of tasks. Neighbours differ in hue and in lightness, so that they can be told apart with any
 * colour vision; red and yellow stay free for trouble. Labels are drawn in them, which is why they need the
 * contrast of text.
 */
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
 * More colours for runs, of which there can be many: paler than the others on a dark background, deeper on a
 * light one. With still more runs the colours come again, dashed.
 */
const laterRuns: readonly { readonly dark: string; readonly light: string }[] = [
  { dark: '#a5e3f7', light: '#0b3f66' },
  { dark: '#d6c8ff', light: '#33208c' },
  { dark: '#c3e6a1', light: '#1d4a1f' },
  { dark: '#ffc2e0', light: '#7d0f55' },
];
export const runColours = slots.length + laterRuns.length;

/** Tasks beyond the slots take the same hues, this much nearer to the text's colour. */
const laterShare = 0.45;

/**
 * Returns the colours of `count` tasks. `read` returns the value of a CSS variable, '' where there is none.
 */
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
  // High-contrast themes fill these variables with any colour that stands out, whatever the variable's name.
  if (own && ownHue !== null && Math.abs(ownHue - wanted) < 25) return own;
  return parseColour(fallback)!;
}

/** Reads an opaque colour. Newer themes give some of these variables as a tint to lay over text. */
const opaque = (text: string): Colour | null =>
  /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(text.trim()) ? parseColour(text) : null;

/** Returns the colours of runs and methods. */
export function runPalette(background: Colour, read: (variable: string) => string): string[] {
  const kind = luminance(background) > 0.18 ? 'light' : 'dark';
  const all = [
    ...slots.map((slot) => themed(slot, read)),
    ...laterRuns.map((later) => parseColour(later[kind])!),
  ];
  return all.map((colour) => toHex(readable(colour, background, textContrast)));
}
