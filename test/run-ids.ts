import { readdir } from 'node:fs/promises';

/**
 * Returns the ids of the runs in a runs folder, the newest last; none where there is no such folder. What
 * begins with a dot is none of them: a run that is not whole yet, or the index.
 */
export async function runIdsIn(runsFolder: string): Promise<string[]> {
  const names = await readdir(runsFolder).catch(() => []);
  return names.filter((name) => !name.startsWith('.')).sort();
}
