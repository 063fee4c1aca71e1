import { expertsOf, gateOf, taskStreams, type Variant } from './model-settings.js';

/** Mixture of experts with one gate for all tasks (paper, section 4.1, equation 5). */
export const omoe: Variant = (settings, tasks) => {
  const experts = expertsOf(settings, settings.experts.count);
  const gates = [gateOf(settings, 0, [...experts.keys()])];
  return { levels: [{ experts, gates, streams: taskStreams(tasks, () => ({ kind: 'gate', gate: 0 })) }] };
};
