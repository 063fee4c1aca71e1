/** Numbers as people read them; a dash where there is none yet, never a zero. */

export const dash = '–';

type Maybe = number | null | undefined;

const known = (value: Maybe): value is number =>
  value !== null && value !== undefined && Number.isFinite(value);

/** `0:24`, `12:05`, `1:02:03`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** Four decimals for what lies within 0 … 10, four significant digits for the rest. */
export function formatMetric(value: Maybe): string {
  if (!known(value)) return dash;
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size >= 0.001 && size < 10) return minus(value.toFixed(4));
  if (size >= 1000 && size < 1e9) return minus(Math.round(value).toLocaleString('en'));
  return minus(value.toPrecision(4).replace(/\.?0+(e|$)/, '$1'));
}

/** Thousands apart: `79,810`. */
export const formatCount = (value: Maybe): string => (known(value) ? value.toLocaleString('en') : dash);

/** `1.31 M`, `84.2 k`, `950`. */
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

/** `6.2 %` of a share. */
export const formatPercent = (share: Maybe): string =>
  known(share) ? `${(share * 100).toFixed(1)} %` : dash;

/** A weight: `0.06`, `−1.20`. */
export const formatWeight = (value: Maybe): string => (known(value) ? minus(value.toFixed(2)) : dash);

/** A similarity without its leading zero: `.41`. */
export const formatShare = (value: Maybe): string =>
  known(value) ? value.toFixed(2).replace(/^0/, '') : dash;

/** Three significant digits: `1.94`, `0.103`. */
export function formatShort(value: Maybe): string {
  if (!known(value)) return dash;
  if (value === 0) return '0';
  return minus(Number(value.toPrecision(3)).toString());
}

/** A length: `1.94`, `12.3`, `104`. */
export const formatNorm = (value: Maybe): string =>
  known(value) ? value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0) : dash;

/** As far apart as `step` needs: axis labels of equal length. */
export function formatTick(value: number, step: number): string {
  if (Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-4)) return minus(value.toExponential(0));
  const decimals = step > 0 ? Math.min(6, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))) : 0;
  return minus(value.toFixed(decimals));
}

const minus = (text: string): string => text.replace(/^-/, '−');

/** With so many decimals; a sign that says so where it is asked for. */
export function formatFixed(value: Maybe, decimals: number, signed = false): string {
  if (!known(value)) return dash;
  const text = value.toFixed(decimals);
  return signed && Number(text) > 0 ? `+${text}` : minus(text);
}
