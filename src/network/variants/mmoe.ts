import { expertsOf, gateOf, seenExperts, taskStreams, type Variant } from './model-settings.js';

/** Mixture of experts with a gate per task (paper, section 4.2, equations 6 and 7). */
export const mmoe: Variant = (settings, tasks) => {
  const { count } = settings.experts;
  const gates = seenExperts(settings, tasks.length, count).map((seen) => gateOf(settings, 0, seen));
  const streams = taskStreams(tasks, (task) => ({ kind: 'gate', gate: task }));
  return { levels: [{ experts: expertsOf(settings, count), gates, streams }] };
};
