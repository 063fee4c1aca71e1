import { inputExperts, taskStreams, type ModelSettings, type TaskSettings, type VariantParts } from './settings.js';

/** One bottom under all towers (paper, section 3.1; Caruana 1997). */
export function sharedBottom(settings: ModelSettings, tasks: readonly TaskSettings[]): VariantParts {
  return {
    levels: [{ experts: inputExperts(settings, 1), gates: [], streams: taskStreams(tasks, () => ({ kind: 'fixed', weights: [1] })) }],
  };
}
