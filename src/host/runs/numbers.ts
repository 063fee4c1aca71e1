/** Numbers as people read them; a dash where there is none yet, never a zero. */

export const dash = '–';

/** `0:24`, `12:05`, `1:02:03`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** Four decimals for what lies within 0 … 1, four significant digits for the rest. */
export function formatMetric(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return dash;
  const size = Math.abs(value);
  if (size >= 0.001 && size < 10) return value.toFixed(4);
  if (value === 0) return '0';
  return size >= 1000 && size < 1e9
    ? Math.round(value).toLocaleString('en')
    : value.toPrecision(4).replace(/\.?0+(e|$)/, '$1');
}

export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined ? dash : value.toLocaleString('en');
}

export const formatPercent = (share: number): string =>
  `${Math.floor(Math.min(1, Math.max(0, share)) * 100)} %`;
