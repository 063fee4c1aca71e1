import type { PreparedTask } from '../../data/prepared.js';
import type { Evaluation } from '../../engine/engine.js';
import { limit } from './limit.js';

/** What several members predict together; `routes` are the first one's. */
export interface MeanOfMembers extends Pick<Evaluation, 'rows' | 'predictions' | 'routes'> {
  /** Per task [rows, outputs]: the standard deviation over the members (n − 1); null: there is one. */
  readonly deviations: readonly Float32Array[] | null;
}

/**
 * Returns the mean of the members' predictions. Values are limited to what a task's predictions may be before the
 * mean is taken, so that no member draws it away.
 */
export function meanOfMembers(
  evaluations: readonly Evaluation[],
  tasks: readonly Pick<PreparedTask, 'limits' | 'offset' | 'factor'>[],
): MeanOfMembers {
  const [first] = evaluations;
  if (first === undefined) throw new Error('there are no members');
  if (evaluations.length === 1) return { ...first, deviations: null };
  for (const { predictions } of evaluations) predictions.forEach((values, k) => limit(values, tasks[k]!));
  const both = tasks.map((_, k) => meanAndDeviation(evaluations.map(({ predictions }) => predictions[k]!)));
  return {
    rows: first.rows,
    routes: first.routes,
    predictions: both.map(({ mean }) => mean),
    deviations: both.map(({ deviation }) => deviation),
  };
}

function meanAndDeviation(members: readonly Float32Array[]): { mean: Float32Array; deviation: Float32Array } {
  const length = members[0]!.length;
  const mean = new Float32Array(length);
  const deviation = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const center = members.reduce((sum, values) => sum + values[i]!, 0) / members.length;
    const squares = members.reduce((sum, values) => sum + (values[i]! - center) ** 2, 0);
    mean[i] = center;
    deviation[i] = Math.sqrt(squares / (members.length - 1));
  }
  return { mean, deviation };
}
