import { formatPercent, formatWeight } from '../../../src/shared/numbers.js';
import { s } from '../../strings.js';
import type { ExpertColumn } from './expert-columns.js';
import type { RouteStream } from './routes-data.js';

/** Returns an expert's name; `expert 3` if its number says all. */
export const expertTitle = ({ name, number }: ExpertColumn): string => name ?? s('expertNumber', number);

/**
 * Returns a stream's weight of an expert, `0.31 ± 0.12 · 25.0 % of rows`: with its spread where it depends on
 * the row, and with its load where experts are left out.
 */
export function weightText({ mean, sd, distribution, load }: RouteStream, expert: number): string {
  const spread = distribution === null ? '' : ` ± ${formatWeight(sd[expert])}`;
  const rows = load === null ? '' : ` · ${s('ofRows', formatPercent(load[expert]))}`;
  return formatWeight(mean[expert]) + spread + rows;
}
