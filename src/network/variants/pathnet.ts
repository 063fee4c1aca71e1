import type { Activation } from '../description.js';
import { seededUniform } from '../draws/random.js';
import { expertOf, taskStreams, type BuildVariant } from './building-blocks.js';

/**
 * Builds banks of modules in levels, through which each task takes a sparse path: the sum of the modules that
 * are active for it (Fernando et al. 2017, section 2). Modules are shared; above the first level each task
 * has copies that read its own stream with the same weights. The paths start at random; a tournament in
 * training finds better ones.
 */
export const pathnet: BuildVariant = (model, tasks) => {
  const { levels, experts } = model;
  const { active } = model.paths;
  const startScale = sumScale(Math.min(active, experts.count), experts.activation);
  const all = Array.from({ length: experts.count }, (_, module) => module);
  return {
    levels: Array.from({ length: levels }, (_, l) => {
      const owners = l === 0 ? [0] : [...tasks.keys()];
      return {
        experts: owners.flatMap((owner) =>
          all.map((module) => ({
            ...expertOf(model, owner),
            ...(startScale !== 1 && { startScale }),
            ...(owner > 0 && { sharesWith: module }),
          })),
        ),
        gates: [],
        streams: taskStreams(tasks, (task) => {
          const draw = seededUniform(1, `path ${l} ${task}`);
          const order = all.map((module) => ({ module, key: draw() })).sort((a, b) => a.key - b.key);
          const chosen = new Set(order.slice(0, active).map(({ module }) => module));
          const own = l === 0 ? 0 : task;
          return {
            kind: 'path',
            initial: owners.flatMap((owner) =>
              all.map((module) => (owner === own && chosen.has(module) ? 1 : 0)),
            ),
          };
        }),
      };
    }),
  };
};

/**
 * Returns the scale of modules with which a sum of k of them starts as large as one, so that a level neither
 * grows nor shrinks what it reads, as He et al. (2015) start a single layer. The square of a sum of k
 * independent ReLU(z), z ~ N(0, σ²), is k σ²/2 + k (k − 1) σ²/(2 π) on average, and that of one is σ²/2.
 * Linear units have no mean, which leaves k. SiLU and GELU are near ReLU.
 */
function sumScale(k: number, activation: Activation): number {
  switch (activation) {
    case 'linear':
      return 1 / Math.sqrt(k);
    case 'relu':
    case 'silu':
    case 'gelu':
      return 1 / Math.sqrt(k + (k * (k - 1)) / Math.PI);
  }
}
