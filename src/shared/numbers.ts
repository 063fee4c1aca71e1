/**
 * Numbers as people read them, by one rule in the terminal, the editor and the pages. What is not known yet
 * is a dash, never a zero; thousands are grouped; a negative number has a true minus sign.
 */

export const dash = '–';

type Maybe = number | null | undefined;

const known = (value: Maybe): value is number =>
  value !== null && value !== undefined && Number.isFinite(value);

/** Gives a text of a number a true minus sign. */
export const minus = (text: string): string => text.replace(/^-/, '−');

/** Up to here a number is written with all of its digits. */
const mostDigits = 1e21;

/** Groups thousands. The language's own way takes longer the first time than all else that a page formats. */
function grouped(value: number): string {
  const whole = Math.round(value);
  if (Math.abs(whole) >= mostDigits) return minus(whole.toLocaleString('en'));
  return minus(String(whole).replace(/\B(?=(?:\d{3})+$)/g, ','));
}

/**
 * Formats a metric or another measured number: four decimals below 10, where metrics lie (`0.9421`), else
 * four significant digits (`12.30`), and whole numbers from 1,000 on (`12,346`). Tiny and huge numbers keep
 * four significant digits without trailing zeros (`0.0000123`, `1e+12`). Only an exact zero is `0`.
 */
export function formatMetric(value: Maybe): string {
  if (!known(value)) return dash;
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 0.001 && size < 9.99995) return minus(value.toFixed(4));
  // From here on four digits round to 1,000.
  if (size >= 999.95 && size < 1e9) return grouped(value);
  const digits = minus(value.toPrecision(4));
  if (size >= 1 && size < 1000) return digits;
  const [mantissa = '', ...exponent] = digits.split('e');
  return [mantissa.replace(/\.?0+$/, ''), ...exponent].join('e');
}

/** Formats a difference of metrics with its sign: `+0.0123`, `−0.0123`, `0`. */
export const formatDifference = (value: Maybe): string =>
  known(value) && value > 0 ? `+${formatMetric(value)}` : formatMetric(value);

/** Formats a count: `79,810`. */
export const formatCount = (value: Maybe): string => (known(value) ? grouped(value) : dash);

/** Formats a rate to three significant digits with its unit: `950`, `84.2 k`, `1.31 M`. */
export function formatRate(value: Maybe): string {
  if (!known(value)) return dash;
  for (const [size, unit] of [
    [1e9, ' G'],
    [1e6, ' M'],
    [1e3, ' k'],
  ] as const) {
    if (value >= size * 0.9995) return (value / size).toPrecision(3) + unit;
  }
  return String(Math.round(value));
}

/** Formats a size in memory or on disk: `500 bytes`, `1.5 KB`, `23 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${size < 10 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

/** Formats seconds as a clock shows them: `0:24`, `12:05`, `1:02:03`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** Formats a share from 0 to 1 to a tenth of a percent: `6.2 %`. */
export const formatPercent = (share: Maybe): string =>
  known(share) ? `${(share * 100).toFixed(1)} %` : dash;

/** Returns how many whole percent of a work are done, from its share from 0 to 1: 100 only at the end. */
export const percentDone = (share: number): number => Math.floor(Math.min(1, Math.max(0, share)) * 100);

/** Formats how much of a work is done, from its share from 0 to 1: `99 %` until everything is. */
export const formatProgress = (share: number): string => `${percentDone(share)} %`;

/** Formats the weight of a route: `0.06`, `−1.20`. */
export const formatWeight = (value: Maybe): string => (known(value) ? minus(value.toFixed(2)) : dash);

/** Formats a similarity from 0 to 1 without its leading zero: `.41`. */
export const formatShare = (value: Maybe): string =>
  known(value) ? value.toFixed(2).replace(/^0/, '') : dash;

/** Formats a number to at most three significant digits: `1.94`, `0.103`. */
export function formatShort(value: Maybe): string {
  if (!known(value)) return dash;
  return minus(Number(value.toPrecision(3)).toString());
}

/** Formats a value of a table to at most six significant digits: `17`, `0.125`, `1e+30`. */
export const formatValue = (value: Maybe): string =>
  known(value) ? minus(Number(value.toPrecision(6)).toString()) : dash;

/** Formats how likely something is by chance: `= 0.023`, `< 0.001`. */
export const formatChance = (p: number): string => (p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`);

/**
 * Formats a difference and its interval with as many decimals as the interval tells apart, two digits of half its
 * width: `+0.0007` and `[−0.0021, +0.0034]`, `+12` and `[−25, +49]`.
 */
export function formatEstimate(
  mean: number,
  [low, high]: readonly [number, number],
): { mean: string; interval: string } {
  const half = (high - low) / 2;
  const decimals = 1 - Math.floor(Math.log10(half));
  const format = (value: number): string =>
    half > 0 && Number.isFinite(half) && decimals <= 8
      ? formatFixed(value, Math.max(0, decimals), true)
      : formatDifference(value);
  return { mean: format(mean), interval: `[${format(low)}, ${format(high)}]` };
}

/** Formats a length (a norm): `1.94`, `12.3`, `104`. */
export const formatNorm = (value: Maybe): string =>
  known(value) ? value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0) : dash;

/** Formats a tick of an axis with as many decimals as the distance `step` of the ticks needs. */
export function formatTick(value: number, step: number): string {
  if (Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-4)) return minus(value.toExponential(0));
  const decimals = step > 0 ? Math.min(6, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))) : 0;
  return minus(value.toFixed(decimals));
}

/** Formats with the given decimals and, where asked for, with the sign of a positive number. */
export function formatFixed(value: Maybe, decimals: number, signed = false): string {
  if (!known(value)) return dash;
  const text = value.toFixed(decimals);
  if (Number(text) === 0) return text.replace('-', '');
  return signed && Number(text) > 0 ? `+${text}` : minus(text);
}
