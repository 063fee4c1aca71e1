import { isDeepStrictEqual } from 'node:util';
import type { Experiment } from '../../experiment/schema.js';

/**
 * The `--set` settings with which an experiment file trains as a run once did, whatever it says by now and
 * whatever was set then (a variant, a seed): each part that differs, as a whole.
 */
export function settingsOfRun(run: Readonly<Record<string, unknown>>, file: Experiment): string[] {
  const now = Object.fromEntries(Object.entries(file));
  const parts = ['data', 'columns', 'tasks', 'model', 'training', 'engine'];
  // JSON has no undefined: a file's absent setting and a run's are the same.
  const plain = (value: unknown): unknown =>
    value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
  return parts
    .filter((part) => run[part] !== undefined && !isDeepStrictEqual(plain(run[part]), plain(now[part])))
    .map((part) => `${part}=${JSON.stringify(run[part])}`);
}
