/** Numbers for people; what is not known yet is a dash. */
export function formatMetric(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) return value.toExponential(3);
  return value.toFixed(size >= 1000 ? 1 : size >= 10 ? 2 : 4);
}

export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `850`, `12 k`, `1.3 M`. */
export function formatShort(value: number): string {
  if (value < 1000) return String(Math.round(value));
  const [size, unit] = value < 999_500 ? [value / 1e3, 'k'] : [value / 1e6, 'M'];
  return `${size.toFixed(size < 10 ? 1 : 0)} ${unit}`;
}

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

/** `0:07`, `12:31`, `1:02:09`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
