import { t } from '../../editor/localise.js';
import type { ExtensionParts } from '../../parts.js';
import type { ReadableRun } from '../../runs/run-collection.js';

/** Whether a run has weights that can predict. */
export const hasWeights = (run: ReadableRun): boolean =>
  (run.entry.manifest.summary?.bestEpoch ?? null) !== null;

export const noWeights = (parts: ExtensionParts, run: ReadableRun): string =>
  t('{0} has no weights yet. Let it train first.', parts.runs.names.full(run));
