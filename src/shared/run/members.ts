import * as v from 'valibot';
import { mainMetric } from '../task-kinds.js';
import type { RunManifest, RunTask } from './run-manifest.js';

const settingsSchema = v.object({ training: v.object({ members: v.number() }) });

/** Returns how many networks a run trains; 1 for runs of versions that knew no members. */
export function memberCount({ experiment }: Pick<RunManifest, 'experiment'>): number {
  const settings = v.safeParse(settingsSchema, experiment);
  return settings.success ? settings.output.training.members : 1;
}

/** A task's main metric on the test rows: of the members' mean, and of the worst and best of them alone. */
export interface MembersScore {
  readonly members: number;
  readonly mean: number | null;
  readonly least: number;
  readonly most: number;
}

/** Returns what the members of a run are worth together and alone; null: there is one, or nothing is tested. */
export function membersScore(
  { summary }: Pick<RunManifest, 'summary'>,
  { name, kind }: Pick<RunTask, 'name' | 'kind'>,
): MembersScore | null {
  const metric = mainMetric(kind);
  const values = (summary?.members ?? []).map((member) => member[name]?.[metric] ?? null);
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return {
    members: values.length,
    mean: summary?.test?.[name]?.[metric] ?? null,
    least: Math.min(...known),
    most: Math.max(...known),
  };
}
