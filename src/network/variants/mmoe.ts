import { inputExperts, taskStreams, type ModelSettings, type TaskSettings, type VariantParts } from './settings.js';

/** Mixture of experts with a gate per task (paper, section 4.2, equations 6 and 7). */
export function mmoe(settings: ModelSettings, tasks: readonly TaskSettings[]): VariantParts {
  const experts = inputExperts(settings, settings.experts.count);
  const gate = { source: 0, experts: experts.map((_, index) => index), ...settings.gates };
  return { levels: [{ experts, gates: tasks.map(() => gate), streams: taskStreams(tasks, (task) => ({ kind: 'gate', gate: task })) }] };
}
