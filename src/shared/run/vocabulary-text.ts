import { formatCount, formatPercent } from '../numbers.js';
import type { VocabularyFacts } from './run-manifest.js';

/** Says what became of a column's values: `"user": the 100,000 most frequent of 320,000 values are kept …`. */
export function vocabularyText({
  name,
  values,
  kept,
  rest = 0,
  buckets,
  sharing = 0,
}: VocabularyFacts): string {
  const all = `${formatCount(values)} ${values === 1 ? 'value' : 'values'}`;
  if (buckets !== undefined) {
    const share = values === 0 ? 0 : sharing / values;
    return `"${name}": ${all} in ${formatCount(buckets)} buckets; ${formatPercent(share)} share theirs with another`;
  }
  return (
    `"${name}": the ${formatCount(kept ?? values)} most frequent of ${all} are kept; ` +
    `${formatPercent(rest)} of the training rows have another one, which counts as unseen`
  );
}
