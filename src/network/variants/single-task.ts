import { inputExperts, taskStreams, type ModelSettings, type TaskSettings, type VariantParts } from './settings.js';

/** One network per task that shares nothing: task k's tower reads expert k alone. */
export function singleTask(settings: ModelSettings, tasks: readonly TaskSettings[]): VariantParts {
  const oneHot = (task: number) => ({ kind: 'fixed' as const, weights: tasks.map((_, expert) => (expert === task ? 1 : 0)) });
  return { levels: [{ experts: inputExperts(settings, tasks.length), gates: [], streams: taskStreams(tasks, oneHot) }] };
}
