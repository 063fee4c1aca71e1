/** What a person has chosen for several runs at once. */
export interface TagChoice {
  /** Those of the known tags that all the runs had, and that were ticked at first. */
  readonly shared: ReadonlySet<string>;
  /** Those that were ticked in the end. */
  readonly chosen: ReadonlySet<string>;
}

/** Returns a run's tags after the choice: a tag that only some runs have stays theirs unless it is chosen. */
export function changedTags(tags: readonly string[], { shared, chosen }: TagChoice): string[] {
  const kept = tags.filter((tag) => chosen.has(tag) || !shared.has(tag));
  return [...kept, ...[...chosen].filter((tag) => !kept.includes(tag))];
}

/** Returns the tags of all runs, each once, the most frequent first. */
export function tagsOf(runs: readonly (readonly string[])[]): string[] {
  const counts = new Map<string, number>();
  for (const tag of runs.flat()) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort(([a, one], [b, other]) => other - one || a.localeCompare(b)).map(([tag]) => tag);
}
