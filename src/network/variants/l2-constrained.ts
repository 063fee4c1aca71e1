import type { Model } from '../../experiment/schema/model.js';
import type { BuildVariant } from './building-blocks.js';
import { singleTask } from './single-task.js';

/**
 * Builds a network per task, held near the others by α Σ_{j<k} ‖θ_j − θ_k‖² (Duong et al. 2015, section 3;
 * paper, section 6.1.1): over the experts' layers and the towers' hidden layers, weights and biases. Output
 * units stay free: tasks' scales and classes differ.
 */
export const l2Constrained: BuildVariant = (model, tasks, width) => {
  const { strength } = model.constraint;
  const { normalization } = model.experts;
  const learned = (name: (task: number) => string, layers: readonly number[], kinds: readonly string[]) =>
    layers.flatMap((_, j) =>
      kinds.map((kind) => tasks.map((__, task) => `${name(task)}.layers.${j}.${kind}`)),
    );
  const kindsOf = (normal: Model['experts']['normalization']) =>
    normal === 'none' ? ['weight', 'bias'] : ['weight', 'bias', 'scale', 'shift'];
  const groups = [
    ...learned((task) => `levels.0.experts.${task}`, model.experts.layers, kindsOf(normalization)),
    ...learned(
      (task) => `towers.${tasks[task]!.name}`,
      model.towers.layers,
      kindsOf(model.towers.normalization),
    ),
  ];
  return { ...singleTask(model, tasks, width), distance: { strength, groups } };
};
