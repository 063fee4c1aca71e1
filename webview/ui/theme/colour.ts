/** A colour as numbers, so that colours can be compared and mixed. Channels are 0 … 255. */
export interface Colour {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

/**
 * Reads `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb(…)` and `rgba(…)` without transparency; null for anything else.
 */
export function parseColour(text: string): Colour | null {
  const value = text.trim();
  const hex = /^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(value)?.[1];
  if (hex !== undefined) {
    const digits = hex.length <= 4 ? hex.replace(/./g, '$&$&') : hex;
    const [r, g, b] = [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
    return { r: r!, g: g!, b: b! };
  }
  const parts = /^rgba?\(([^)]+)\)$/i
    .exec(value)?.[1]
    ?.split(/[\s,/]+/)
    .map(Number);
  if (parts === undefined || parts.length < 3 || parts.slice(0, 3).some(Number.isNaN)) return null;
  return { r: parts[0]!, g: parts[1]!, b: parts[2]! };
}

export const toHex = ({ r, g, b }: Colour): string =>
  `#${[r, g, b]
    .map((channel) =>
      Math.round(Math.min(255, Math.max(0, channel)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;

/** Mixes two colours; with `share` 0 the result is `from`, with 1 it is `to`. */
export const mixColours = (from: Colour, to: Colour, share: number): Colour => ({
  r: from.r + (to.r - from.r) * share,
  g: from.g + (to.g - from.g) * share,
  b: from.b + (to.b - from.b) * share,
});

/** Returns the relative luminance, 0 … 1 (WCAG 2.2). */
export function luminance({ r, g, b }: Colour): number {
  const linear = (channel: number): number => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** Returns the contrast ratio, 1 … 21 (WCAG 2.2). */
export function contrast(a: Colour, b: Colour): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

/** Returns the hue, 0 … 360; null for greys. */
export function hue({ r, g, b }: Colour): number | null {
  const max = Math.max(r, g, b);
  const range = max - Math.min(r, g, b);
  if (range < 24) return null;
  const sector =
    max === r ? ((g - b) / range + 6) % 6 : max === g ? (b - r) / range + 2 : (r - g) / range + 4;
  return sector * 60;
}

/**
 * Returns the colour, made just so much darker or lighter that it has the contrast `ratio` on the background.
 */
export function readable(colour: Colour, background: Colour, ratio: number): Colour {
  const goal: Colour = luminance(background) > 0.18 ? { r: 0, g: 0, b: 0 } : { r: 255, g: 255, b: 255 };
  for (let share = 0; share < 1; share += 0.02) {
    const candidate = mixColours(colour, goal, share);
    if (contrast(candidate, background) >= ratio) return candidate;
  }
  return goal;
}
