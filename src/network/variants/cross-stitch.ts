import { expertOf, taskStreams, type BuildVariant } from './building-blocks.js';

/**
 * Builds a network per task whose layers' outputs are mixed by learned constants after every layer (Misra et
 * al. 2016, section 3, equation 1). They start near the identity and learn at a rate of their own (section
 * 3.3).
 */
export const crossStitch: BuildVariant = (model, tasks) => {
  const { own, learningRate } = model.stitches;
  const others = tasks.length > 1 ? (1 - own) / (tasks.length - 1) : 0;
  const levels = model.experts.layers.map((units, l) => ({
    experts: tasks.map(({ name }, task) => ({ ...expertOf(model, l === 0 ? 0 : task, [units]), name })),
    gates: [],
    streams: taskStreams(tasks, (task) => ({
      kind: 'constants',
      initial: tasks.map((_, other) => (tasks.length === 1 ? 1 : other === task ? own : others)),
      learningRate,
    })),
  }));
  return { levels };
};
