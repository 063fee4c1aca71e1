import { s } from '../../strings.js';
import { formatPercent, formatWeight } from '../../../src/shared/numbers.js';
import type { RouteStream } from './routes-data.js';

/**
 * `0.31 ± 0.12 · 25.0 % of rows`: a stream's weight of an expert, its spread where there is one, its load
 * where experts are left out.
 */
export function weightText({ mean, sd, distribution, load }: RouteStream, expert: number): string {
  const spread = distribution === null ? '' : ` ± ${formatWeight(sd[expert])}`;
  return `${formatWeight(mean[expert])}${spread}${load === null ? '' : ` · ${s('ofRows', formatPercent(load[expert]))}`}`;
}
