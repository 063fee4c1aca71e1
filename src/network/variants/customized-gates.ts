import type { GateDescription, LevelDescription } from '../description.js';
import {
  expertsOf,
  gateOf,
  taskStreams,
  type ModelSettings,
  type TaskSettings,
  type Variant,
} from './model-settings.js';

/**
 * Customised gate control (Tang et al. 2020, section 4.1): a task's gate sees the task's own experts and the
 * shared ones.
 */
export const cgc: Variant = (settings, tasks) => ({ levels: [level(settings, tasks, 0, 1)] });

/**
 * Progressive layered extraction (Tang et al. 2020, section 4.2): levels of CGC; a shared stream, whose gate
 * sees all experts, joins them.
 */
export const ple: Variant = (settings, tasks) => {
  const { levels = 2 } = settings;
  return { levels: Array.from({ length: levels }, (_, l) => level(settings, tasks, l, levels)) };
};

/**
 * Experts: those of the first task, of the second …, the shared ones. Streams: the tasks', then the shared
 * one below the top.
 */
function level(
  settings: ModelSettings,
  tasks: readonly TaskSettings[],
  l: number,
  levels: number,
): LevelDescription {
  const { perTask = 2, shared = 4 } = settings.experts;
  const source = (owner: number) => (l === 0 ? 0 : owner);
  const sharedExperts = Array.from({ length: shared }, (_, e) => tasks.length * perTask + e);
  const experts = [
    ...tasks.flatMap(({ name }, task) =>
      expertsOf(settings, perTask, source(task), (number) => `${name} ${number}`),
    ),
    ...expertsOf(settings, shared, source(tasks.length), (number) => `shared ${number}`),
  ];
  const own = (task: number) => Array.from({ length: perTask }, (_, e) => task * perTask + e);
  const gates: GateDescription[] = tasks.map((_, task) =>
    gateOf(settings, source(task), [...own(task), ...sharedExperts]),
  );
  const streams = taskStreams(tasks, (task) => ({ kind: 'gate', gate: task }));
  if (l === levels - 1) return { experts, gates, streams };
  return {
    experts,
    gates: [...gates, gateOf(settings, source(tasks.length), [...experts.keys()])],
    streams: [...streams, { name: 'shared', task: null, route: { kind: 'gate', gate: tasks.length } }],
  };
}
