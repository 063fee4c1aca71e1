import { expertsOf, only, taskStreams, type BuildVariant } from './building-blocks.js';

/** Builds one bottom under all towers (paper, section 3.1; Caruana 1997). */
export const sharedBottom: BuildVariant = (model, tasks) => ({
  levels: [{ experts: expertsOf(model, 1), gates: [], streams: taskStreams(tasks, () => only(0, 1)) }],
});
