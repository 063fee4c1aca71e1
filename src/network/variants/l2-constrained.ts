import type { Variant } from './model-settings.js';
import { singleTask } from './single-task.js';

/**
 * A network per task, held near the others by α Σ_{j<k} ‖θ_j − θ_k‖² (Duong et al. 2015, section 3; paper,
 * section 6.1.1): over the experts' layers and the towers' hidden layers, weights and biases. Output units
 * stay free: tasks' scales and classes differ.
 */
export const l2Constrained: Variant = (settings, tasks, width) => {
  const { strength } = settings.constraint ?? { strength: 0.01 };
  const { normalization = 'none' } = settings.experts;
  const learned = (name: (task: number) => string, layers: readonly number[], kinds: readonly string[]) =>
    layers.flatMap((_, j) =>
      kinds.map((kind) => tasks.map((__, task) => `${name(task)}.layers.${j}.${kind}`)),
    );
  const kindsOf = (normal: string) =>
    normal === 'none' ? ['weight', 'bias'] : ['weight', 'bias', 'scale', 'shift'];
  const groups = [
    ...learned((task) => `levels.0.experts.${task}`, settings.experts.layers, kindsOf(normalization)),
    ...learned(
      (task) => `towers.${tasks[task]!.name}`,
      settings.towers.layers,
      kindsOf(settings.towers.normalization ?? 'none'),
    ),
  ];
  return { ...singleTask(settings, tasks, width), distance: { strength, groups } };
};
