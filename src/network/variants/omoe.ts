import { expertsOf, gateOf, taskStreams, type BuildVariant } from './building-blocks.js';

/** Builds a mixture of experts with one gate for all tasks (paper, section 4.1, equation 5). */
export const omoe: BuildVariant = (model, tasks) => {
  const experts = expertsOf(model, model.experts.count);
  const gates = [gateOf(model, 0, [...experts.keys()])];
  return { levels: [{ experts, gates, streams: taskStreams(tasks, () => ({ kind: 'gate', gate: 0 })) }] };
};
