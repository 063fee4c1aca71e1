import type { Model } from '../../experiment/schema/model.js';
import type { ExpertDescription, LevelDescription } from '../description.js';
import { expertOf, only, taskStreams, type TaskSettings, type BuildVariant } from './building-blocks.js';

/**
 * Builds layers whose weights, of all tasks together, are one tensor W [in, out, tasks] in Tucker form (Yang
 * & Hospedales 2017, section 3.2; paper, section 6.1.1): W = S ×1 U1 ×2 U2 ×3 U3 with ranks r1, r2, r3. As
 * levels: U1; the r3 slices of S, mixed by U3's learned constants; U2 with the layer's bias and activation.
 * U1, S and U2 are shared by all tasks. It starts from the decomposition of weights drawn for each task.
 */
export const tensorFactorization: BuildVariant = (model, tasks, width) => {
  const { layers } = model.experts;
  const levels = layers.flatMap((units, j) =>
    factorizedLayer(model, tasks, j, layers[j - 1] ?? width, units),
  );
  return { levels, tucker: layers.map((_, j) => 3 * j) };
};

/**
 * Builds layer j of the experts as three levels. The first layer reads what all tasks share; the others read
 * each task's own stream, with the same factors.
 */
function factorizedLayer(
  model: Model,
  tasks: readonly TaskSettings[],
  j: number,
  width: number,
  units: number,
): LevelDescription[] {
  const [r1, r2, r3] = ranksOf(model, width, units, tasks.length);
  const sources = j === 0 ? [0] : tasks.map((_, task) => task);
  const linear = (source: number, out: number, name: string): ExpertDescription => ({
    ...{ source, layers: [out], activation: 'linear', bias: false, name },
  });
  const copies = (make: (source: number) => ExpertDescription[]) =>
    sources.flatMap((source, copy) =>
      make(source).map((expert, e, all) => (copy === 0 ? expert : { ...expert, sharesWith: e % all.length })),
    );
  const reduced = copies((source) => [linear(source, r1, 'U1')]);
  const core = copies((source) =>
    Array.from({ length: r3 }, (_, r) => linear(source, r2, `factor ${r + 1}`)),
  );
  const first = (task: number) => (sources.length === 1 ? 0 : task * r3);
  return [
    {
      experts: reduced,
      gates: [],
      streams:
        j === 0
          ? [{ name: 'shared', task: null, route: only(0, 1) }]
          : taskStreams(tasks, (task) => only(task, tasks.length)),
    },
    {
      experts: core,
      gates: [],
      streams: taskStreams(tasks, (task) => ({
        kind: 'constants',
        initial: core.map((_, e) =>
          e < first(task) || e >= first(task) + r3 ? null : e - first(task) === task % r3 ? 1 : 0.1,
        ),
      })),
    },
    {
      experts: tasks.map((_, task) => ({
        ...expertOf(model, task, [units]),
        name: 'U2',
        ...(task > 0 && { sharesWith: 0 }),
      })),
      gates: [],
      streams: taskStreams(tasks, (task) => only(task, tasks.length)),
    },
  ];
}

/**
 * Returns the ranks. By default they are the layer's units, twice, and the number of tasks; they are never
 * larger than the tensor's own sizes allow.
 */
function ranksOf(
  { factorization }: Model,
  width: number,
  units: number,
  tasks: number,
): [number, number, number] {
  const [r1 = units, r2 = units, r3 = tasks] = factorization.ranks ?? [];
  return [Math.min(r1, width, units * tasks), Math.min(r2, units), Math.min(r3, tasks)];
}
