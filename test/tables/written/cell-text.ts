import type { Cell, ColumnType } from '../table.js';

/** How values are written as text where a format leaves a choice. */
export interface TextStyle {
  readonly truth: 'true' | 'True' | 'TRUE';
  /** What stands between a date and a time. */
  readonly between: ' ' | 'T';
  readonly zone: 'Z' | '+00' | '+02:00';
  /** How dates are written, also before a time without a zone; mixed: in several forms. */
  readonly dates: DateStyle;
  /** Whether a real number that is whole has a fraction all the same: 2.0. */
  readonly pointZero: boolean;
}

export type DateStyle = 'iso' | 'slashes' | 'dots' | 'month name' | 'mixed';

/** Returns a value as text, as people and programs write it into text files. */
export function textOf(cell: Exclude<Cell, null>, type: ColumnType, style: TextStyle): string {
  switch (type.kind) {
    case 'truth': {
      const text = String(cell);
      if (style.truth === 'TRUE') return text.toUpperCase();
      return style.truth === 'True' ? text[0]!.toUpperCase() + text.slice(1) : text;
    }
    case 'whole':
      return String(cell);
    case 'real': {
      const text = String(cell);
      return style.pointZero && /^-?\d+$/.test(text) ? `${text}.0` : text;
    }
    case 'decimal':
      return decimalText(cell as bigint, type.scale);
    case 'date':
      return dateText(cell as bigint, style.dates);
    case 'moment':
      return momentText(cell as bigint, type.zone, style);
    case 'text':
      return String(cell);
  }
}

export function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

export const dayText = (days: bigint): string =>
  new Date(Number(days) * 86_400_000).toISOString().slice(0, 10);

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function dateText(days: bigint, style: DateStyle): string {
  const [year, month, day] = dayText(days).split('-').map(Number);
  switch (style) {
    case 'iso':
      return dayText(days);
    case 'slashes':
      return `${String(day).padStart(2, '0')}/${String(month).padStart(2, '0')}/${year}`;
    case 'dots':
      return `${day}.${month}.${year}`;
    case 'month name':
      return `${day} ${months[month! - 1]!} ${year}`;
    case 'mixed': {
      const styles = ['slashes', 'dots', 'iso'] as const;
      return dateText(days, styles[day! % styles.length]!);
    }
  }
}

const microsecondsOfHours = (hours: number): bigint => BigInt(hours) * 3_600_000_000n;

function momentText(microseconds: bigint, zone: boolean, style: TextStyle): string {
  const shown = zone && style.zone === '+02:00' ? microseconds + microsecondsOfHours(2) : microseconds;
  const rest = ((shown % 1000n) + 1000n) % 1000n;
  const milliseconds = (shown - rest) / 1000n;
  const [isoDay, time] = new Date(Number(milliseconds)).toISOString().slice(0, -1).split('T');
  const day = zone ? isoDay : dateText(BigInt(Date.parse(isoDay!) / 86_400_000), style.dates);
  const fraction = `${time!.slice(9)}${String(rest).padStart(3, '0')}`.replace(/0+$/, '');
  const end = zone ? style.zone : '';
  return `${day}${style.between}${time!.slice(0, 8)}${fraction === '' ? '' : `.${fraction}`}${end}`;
}
