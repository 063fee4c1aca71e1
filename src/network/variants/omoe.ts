import { inputExperts, taskStreams, type ModelSettings, type TaskSettings, type VariantParts } from './settings.js';

/** Mixture of experts with one gate for all tasks (paper, section 4.1, equation 5). */
export function omoe(settings: ModelSettings, tasks: readonly TaskSettings[]): VariantParts {
  const experts = inputExperts(settings, settings.experts.count);
  const gate = { source: 0, experts: experts.map((_, index) => index), ...settings.gates };
  return { levels: [{ experts, gates: [gate], streams: taskStreams(tasks, () => ({ kind: 'gate', gate: 0 })) }] };
}
