import * as v from 'valibot';

/**
 * The study.json of a study's folder (docs/formats.md): the study as it was resolved when it was trained last, and what
 * is planned. Who shows a study reads it, and the lines of runs.jsonl.
 */
export const studyRecordSchema = v.object({
  format: v.literal(1),
  name: v.string(),
  /** What the study asks; '': it does not say. */
  description: v.string(),
  /** Where it comes from, so that it can go on: a study file, by its path from the workspace, or `mmoe paper`. */
  origin: v.variant('is', [
    v.object({ is: v.literal('file'), path: v.string() }),
    v.object({
      is: v.literal('paper'),
      figure: v.string(),
      /** The rest of the call, as it was given. */
      options: v.array(v.string()),
    }),
  ]),
  /** The experiment that settings change, and the path from the workspace that its sources are relative to. */
  base: v.object({ path: v.string(), text: v.string() }),
  vary: v.record(v.string(), v.array(v.unknown())),
  seeds: v.object({ count: v.number(), first: v.number(), data: v.boolean() }),
  compare: v.nullable(v.object({ setting: v.string(), to: v.unknown() })),
  pick: v.nullable(v.object({ setting: v.string(), values: v.array(v.unknown()), seeds: v.number() })),
  /** What is kept of each training beside its losses and metrics. */
  measure: v.optional(v.unknown()),
  /** The paths of settings that are drawn at random: they tell combinations apart, too. */
  drawn: v.array(v.string()),
  /** The settings that are tuned for each combination, by their path. */
  tune: v.nullable(
    v.object({ settings: v.record(v.string(), v.unknown()), trials: v.number(), seeds: v.number() }),
  ),
  /** The keys of the trainings that belong to it, as far as they are known; null: every line does. */
  planned: v.nullable(v.array(v.string())),
  /** How many trainings there will be; null: that is not known. */
  total: v.nullable(v.number()),
  times: v.object({
    /** When the trainer of now, or the last one, began, and how many trainings were there then. */
    begun: v.string(),
    before: v.number(),
    /** When all were trained; null: they are not. */
    ended: v.nullable(v.string()),
  }),
  /** The version of the program. */
  version: v.string(),
});
export type StudyRecord = v.InferOutput<typeof studyRecordSchema>;

/** `interrupted`: its trainer is gone without a word. */
export const studyStatuses = ['running', 'finished', 'stopped', 'interrupted'] as const;
export type StudyStatus = (typeof studyStatuses)[number];

/** Returns how many of a study's trainings are there, by the keys of its lines. */
export const doneOf = ({ planned }: StudyRecord, keys: ReadonlySet<string>): number =>
  planned === null ? keys.size : new Set(planned.filter((key) => keys.has(key))).size;

/** How far a study is. */
export interface StudyProgress {
  readonly done: number;
  readonly total: number | null;
  /** From 0 to 1; null: not known. */
  readonly share: number | null;
  /** Seconds since its trainer began, and those that are left; null: it is not training, or it is not known. */
  readonly gone: number | null;
  readonly left: number | null;
}

/** Returns how far a study is. `now`: milliseconds since 1970. */
export function progressOf(
  { total, times }: StudyRecord,
  status: StudyStatus,
  done: number,
  now: number,
): StudyProgress {
  const share = total === null ? null : total === 0 ? 1 : Math.min(1, done / total);
  if (status !== 'running') return { done, total, share, gone: null, left: null };
  const gone = Math.max(0, (now - Date.parse(times.begun)) / 1000);
  const trained = done - times.before;
  const left = total === null || trained <= 0 ? null : (gone / trained) * Math.max(0, total - done);
  return { done, total, share, gone, left };
}
