import type { Model } from '../../experiment/schema/model.js';
import type { GateDescription, LevelDescription } from '../description.js';
import { expertsOf, gateOf, taskStreams, type TaskSettings, type BuildVariant } from './building-blocks.js';

/**
 * Builds customised gate control (Tang et al. 2020, section 4.1): a task's gate sees the task's own experts
 * and the shared ones.
 */
export const cgc: BuildVariant = (model, tasks) => ({ levels: [level(model, tasks, 0, 1)] });

/**
 * Builds progressive layered extraction (Tang et al. 2020, section 4.2): levels of CGC, joined also by a
 * shared stream whose gate sees all experts.
 */
export const ple: BuildVariant = (model, tasks) => {
  const { levels } = model;
  return { levels: Array.from({ length: levels }, (_, l) => level(model, tasks, l, levels)) };
};

/**
 * Builds level `l` of `levels`. Its experts are those of the first task, of the second …, and the shared
 * ones; its streams are the tasks', and below the top also the shared one.
 */
function level(model: Model, tasks: readonly TaskSettings[], l: number, levels: number): LevelDescription {
  const { perTask, shared } = model.experts;
  const source = (owner: number) => (l === 0 ? 0 : owner);
  const sharedExperts = Array.from({ length: shared }, (_, e) => tasks.length * perTask + e);
  const experts = [
    ...tasks.flatMap(({ name }, task) =>
      expertsOf(model, perTask, source(task), (number) => `${name} ${number}`),
    ),
    ...expertsOf(model, shared, source(tasks.length), (number) => `shared ${number}`),
  ];
  const own = (task: number) => Array.from({ length: perTask }, (_, e) => task * perTask + e);
  const gates: GateDescription[] = tasks.map((_, task) =>
    gateOf(model, source(task), [...own(task), ...sharedExperts]),
  );
  const streams = taskStreams(tasks, (task) => ({ kind: 'gate', gate: task }));
  if (l === levels - 1) return { experts, gates, streams };
  return {
    experts,
    gates: [...gates, gateOf(model, source(tasks.length), [...experts.keys()])],
    streams: [...streams, { name: 'shared', task: null, route: { kind: 'gate', gate: tasks.length } }],
  };
}
