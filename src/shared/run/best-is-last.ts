import * as v from 'valibot';
import type { RunManifest } from './run-manifest.js';

/** The settings that say how long a run was to train; those of old runs may lack some. */
const settingsSchema = v.object({
  training: v.object({
    epochs: v.number(),
    schedule: v.optional(v.union([v.string(), v.object({ kind: v.string() })])),
  }),
});

/**
 * Returns the number of epochs of a finished run whose best epoch on the validation rows is its last one: it
 * was still getting better. Null for other runs, and for a learning rate that falls to its end in the last
 * epoch (cosine, linear): there the last epoch is mostly the best.
 */
export function bestIsLast({ status, summary, epochs, data, experiment }: RunManifest): number | null {
  if (status !== 'finished' || epochs === null || epochs < 2 || summary?.bestEpoch !== epochs) return null;
  if (data === null || data.rows.validation === 0) return null;
  const settings = v.safeParse(settingsSchema, experiment);
  const schedule = settings.success ? settings.output.training.schedule : undefined;
  const kind = typeof schedule === 'object' ? schedule.kind : (schedule ?? 'constant');
  return kind === 'cosine' || kind === 'linear' ? null : epochs;
}
