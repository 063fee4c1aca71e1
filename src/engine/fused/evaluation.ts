import type { NetworkDescription } from '../../network/description.js';
import { levelWidth } from '../../network/widths.js';
import type { Evaluation } from '../engine.js';
import { want as wanted } from './format/numbers.js';
import type { StepPlan } from './plan/step-plan.js';

/** The places of the arena that the kernel evaluates into. */
type EvaluationMemory = StepPlan['evaluation'] & { readonly floats: Float32Array };

/**
 * Evaluates `total` rows, as many at a time as the plan has room for. `run` evaluates `count` of them from
 * number `first` on; `asked` is what it is asked for besides predictions.
 */
export function evaluateInParts(
  description: NetworkDescription,
  memory: EvaluationMemory,
  total: number,
  want: { readonly routes?: boolean; readonly experts?: boolean },
  run: (first: number, count: number, asked: number) => void,
  spent?: Evaluation,
): Evaluation {
  const widths = description.levels.map((level) => ({
    routes: level.streams.length * level.experts.length,
    experts: level.experts.length * levelWidth(level),
  }));
  const predictions = description.tasks.map(({ outputs }, task) =>
    room(total * outputs, spent?.predictions[task]),
  );
  const byLevel = (what: 'routes' | 'experts') =>
    want[what] === true ? widths.map((width, l) => room(total * width[what], spent?.[what]?.[l])) : null;
  const routes = byLevel('routes');
  const experts = byLevel('experts');
  const asked = (routes === null ? 0 : wanted.routes) | (experts === null ? 0 : wanted.experts);
  for (let first = 0; first < total; first += memory.rows) {
    const count = Math.min(memory.rows, total - first);
    run(first, count, asked);
    const take = (to: Float32Array, from: number, width: number) =>
      to.set(memory.floats.subarray(from, from + count * width), first * width);
    predictions.forEach((to, task) => take(to, memory.predictions[task]!, description.tasks[task]!.outputs));
    routes?.forEach((to, l) => take(to, memory.levels[l]!.routes, widths[l]!.routes));
    experts?.forEach((to, l) => take(to, memory.levels[l]!.experts, widths[l]!.experts));
  }
  return { rows: total, predictions, routes, experts };
}

/** Returns a Float32Array of this length, in the memory of `spent` if that is large enough. */
function room(length: number, spent: Float32Array | undefined): Float32Array {
  return spent !== undefined && spent.buffer.byteLength >= 4 * length
    ? new Float32Array(spent.buffer, 0, length)
    : new Float32Array(length);
}
