import { isDeepStrictEqual } from 'node:util';
import type { Experiment } from '../../experiment/schema.js';

/**
 * Returns the `--set` settings with which an experiment file trains as a run once did, whatever the file says
 * now and whatever was set then (a variant, a seed). Each part that differs is set as a whole.
 */
export function settingsOfRun(run: Readonly<Record<string, unknown>>, file: Experiment): string[] {
  const now = Object.fromEntries(Object.entries(file));
  const parts = ['defaults', 'data', 'columns', 'tasks', 'model', 'training', 'engine'];
  // Runs from before there were several sets of defaults have the first.
  const then: Readonly<Record<string, unknown>> = { defaults: 1, ...run };
  // JSON has no undefined: a setting that is absent from the file is absent from the run.
  const plain = (value: unknown): unknown =>
    value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
  // What a table's size chooses shows in the run alone.
  const open = (part: string): boolean => file.defaults === 2 && ['data', 'model', 'training'].includes(part);
  return parts
    .filter(
      (part) =>
        then[part] !== undefined && (open(part) || !isDeepStrictEqual(plain(then[part]), plain(now[part]))),
    )
    .map((part) => `${part}=${JSON.stringify(then[part])}`);
}
