import { formatCount, formatValue } from '../numbers.js';
import type { OutsideColumn, OutsideOfPart } from './run-manifest.js';

/** Returns `3 values of "age" lie outside the training rows' 17 … 90: up to 1e+30`. */
export function outsideText({ name, low, high, values, least, most }: OutsideColumn): string {
  const reach = [
    ...(least < low ? [`down to ${formatValue(least)}`] : []),
    ...(most > high ? [`up to ${formatValue(most)}`] : []),
  ].join(', ');
  const lie = values === 1 ? 'value of' : 'values of';
  const outside = values === 1 ? 'lies outside' : 'lie outside';
  return (
    `${formatCount(values)} ${lie} "${name}" ${outside} the training rows' ` +
    `${formatValue(low)} … ${formatValue(high)}: ${reach}`
  );
}

/** Returns the same for columns of several parts, those with most such values first, at most `most` of them. */
export function outsideLines(outside: readonly OutsideOfPart[], most = 8): string[] {
  const sorted = [...outside].sort((one, other) => other.values - one.values);
  const lines = sorted.slice(0, most).map((column) => `${column.part} rows: ${outsideText(column)}`);
  const rest = sorted.length - lines.length;
  return rest > 0 ? [...lines, `and ${formatCount(rest)} more`] : lines;
}
