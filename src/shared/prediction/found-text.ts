import { formatCount, formatPercent } from '../numbers.js';
import { outsideText } from '../run/outside-text.js';
import type { FoundColumn } from './report.js';

/** Returns what is to be said of a column's values, the gravest first. */
export function foundTexts(
  { name, missing, unseen, examples, outside }: FoundColumn,
  rows: number,
): string[] {
  const share = (count: number): string => `${formatCount(count)} (${formatPercent(count / rows)})`;
  return [
    ...(unseen > 0
      ? [
          `${share(unseen)} of "${name}" ${unseen === 1 ? 'is a value' : 'are values'} that training has not seen, ` +
            `or too rarely to learn: ${examples.map((text) => JSON.stringify(text)).join(', ')}`,
        ]
      : []),
    ...(outside === undefined ? [] : [outsideText({ name, ...outside })]),
    ...(missing > 0 ? [`${share(missing)} of "${name}" ${missing === 1 ? 'is' : 'are'} missing`] : []),
  ];
}
