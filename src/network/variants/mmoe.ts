import { expertsOf, gateOf, seenExperts, taskStreams, type BuildVariant } from './building-blocks.js';

/** Builds a mixture of experts with a gate per task (paper, section 4.2, equations 6 and 7). */
export const mmoe: BuildVariant = (model, tasks) => {
  const { count } = model.experts;
  const gates = seenExperts(model, tasks.length, count).map((seen) => gateOf(model, 0, seen));
  const streams = taskStreams(tasks, (task) => ({ kind: 'gate', gate: task }));
  return { levels: [{ experts: expertsOf(model, count), gates, streams }] };
};
