import { formatCount, formatValue, minus } from '../numbers.js';
import type { OutsideColumn, OutsideOfPart } from './run-manifest.js';

/** Returns `3 values of "age" lie outside the training rows' 17 … 90: up to 1e+30`. */
export function outsideText(column: OutsideColumn): string {
  const { name, low, high, values, least, most } = column;
  const texts = outsideTexts(column);
  const reach = [
    ...(least < low ? [`down to ${texts.least}`] : []),
    ...(most > high ? [`up to ${texts.most}`] : []),
  ].join(', ');
  const lie = values === 1 ? 'value of' : 'values of';
  const outside = values === 1 ? 'lies outside' : 'lie outside';
  return `${formatCount(values)} ${lie} "${name}" ${outside} the training rows' ${texts.low} … ${texts.high}: ${reach}`;
}

type Bound = 'low' | 'high' | 'least' | 'most';

/** Returns the bounds for people: dates and times as such, and with as many digits as tell them apart. */
export function outsideTexts(column: Pick<OutsideColumn, Bound | 'time'>): Record<Bound, string> {
  const { low, high, least, most, time } = column;
  const short = (value: number): string => timeText(value, time, 16) ?? formatValue(value);
  const full = (value: number): string => timeText(value, time, 19) ?? minus(String(value));
  const isTold = (bound: number, beyond: number): boolean =>
    bound === beyond || short(bound) !== short(beyond);
  const format = isTold(low, least) && isTold(high, most) ? short : full;
  return { low: format(low), high: format(high), least: format(least), most: format(most) };
}

/**
 * Returns a moment with so many characters, `2025-01-30 23:51` or `2025-01-30 23:51:49`, or what a date or a time of
 * the day has of it. Null: it is a number, or no calendar has it.
 */
function timeText(seconds: number, type: string | undefined, characters: 16 | 19): string | null {
  const moment = new Date(seconds * 1000);
  if (type === undefined || Number.isNaN(moment.getTime())) return null;
  const text = moment.toISOString().replace('T', ' ');
  if (type === 'DATE') return text.slice(0, 10);
  return type.startsWith('TIMESTAMP') ? text.slice(0, characters) : text.slice(11, 19);
}

/** Returns the same for columns of several parts, those with most such values first, at most `most` of them. */
export function outsideLines(outside: readonly OutsideOfPart[], most = 8): string[] {
  const sorted = [...outside].sort((one, other) => other.values - one.values);
  const lines = sorted.slice(0, most).map((column) => `${column.part} rows: ${outsideText(column)}`);
  const rest = sorted.length - lines.length;
  return rest > 0 ? [...lines, `and ${formatCount(rest)} more`] : lines;
}
