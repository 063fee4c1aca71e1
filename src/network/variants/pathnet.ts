import { seededUniform } from '../random.js';
import { expertOf, taskStreams, type Variant } from './settings.js';

/**
 * Banks of modules in levels, through which each task takes a sparse path: the sum of the modules that are active for it (Fernando et al.
 * 2017, section 2). Modules are shared; above the first level each task has copies that read its own stream with the same weights. The
 * paths start at random; a tournament in training finds better ones.
 */
export const pathnet: Variant = (settings, tasks) => {
  const { levels = 2, experts } = settings;
  const { active } = settings.paths ?? { active: 3 };
  const all = Array.from({ length: experts.count }, (_, module) => module);
  return {
    levels: Array.from({ length: levels }, (_, l) => {
      const owners = l === 0 ? [0] : [...tasks.keys()];
      return {
        experts: owners.flatMap((owner) =>
          all.map((module) => ({ ...expertOf(settings, owner), ...(owner > 0 && { sharesWith: module }) })),
        ),
        gates: [],
        streams: taskStreams(tasks, (task) => {
          const draw = seededUniform(1, `path ${l} ${task}`);
          const order = all.map((module) => ({ module, key: draw() })).sort((a, b) => a.key - b.key);
          const chosen = new Set(order.slice(0, active).map(({ module }) => module));
          const own = l === 0 ? 0 : task;
          return { kind: 'path', initial: owners.flatMap((owner) => all.map((module) => (owner === own && chosen.has(module) ? 1 : 0))) };
        }),
      };
    }),
  };
};
