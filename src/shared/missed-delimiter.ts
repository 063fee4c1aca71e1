/**
 * What separates the fields of a text file whose separator was not found, so that all of it came to be one
 * column: a sign that stands in that column's name several times, the most frequent. Null where nothing
 * speaks for that.
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

/** What to tell of such a table where there is no experiment yet to say it in. */
export const missedDelimiterText = (delimiter: string): string =>
  `all of a line was read as one column; save the table with commas, or write an experiment by hand that says what separates the fields, "data": { "source": "…", "read": { "delimiter": ${JSON.stringify(delimiter)} } }`;
