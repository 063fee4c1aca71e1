import { t } from '../../editor/localise.js';
import type { ExtensionParts } from '../../parts.js';
import type { ReadableRun } from '../../runs/run-collection.js';

export const noWeights = (parts: ExtensionParts, run: ReadableRun): string =>
  t('{0} has no weights yet. Let it train first.', parts.runs.names.full(run));
