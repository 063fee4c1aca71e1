/**
 * Guesses the separator of a text file for which none was found, so that all of it was read as one column:
 * the most frequent sign of that column's name, if it stands there several times. Null: no sign does.
 */
export function missedDelimiter(columns: readonly string[]): string | null {
  const [only, ...others] = columns;
  if (only === undefined || others.length > 0) return null;
  const counts = new Map<string, number>();
  for (const sign of only.match(/[^\p{L}\p{N}_ ."'()-]/gu) ?? [])
    counts.set(sign, (counts.get(sign) ?? 0) + 1);
  const [best] = [...counts].sort(([, one], [, other]) => other - one);
  return best === undefined || best[1] < 2 ? null : best[0];
}

/** Says what to do about such a table as long as there is no experiment. */
export const missedDelimiterText = (delimiter: string): string =>
  `all of a line was read as one column; save the table with commas, or write an experiment by hand ` +
  `that says what separates the fields, ` +
  `"data": { "source": "…", "read": { "delimiter": ${JSON.stringify(delimiter)} } }`;
