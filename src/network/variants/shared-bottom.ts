import { expertsOf, only, taskStreams, type Variant } from './model-settings.js';

/** One bottom under all towers (paper, section 3.1; Caruana 1997). */
export const sharedBottom: Variant = (settings, tasks) => ({
  levels: [{ experts: expertsOf(settings, 1), gates: [], streams: taskStreams(tasks, () => only(0, 1)) }],
});
