import * as v from 'valibot';
import { metricsSchema, type Metrics, type RunTask } from '../../shared/run/run-manifest.js';
import { biggerIsBetter, mainMetric } from '../../shared/task-kinds.js';
import type { EpochScore } from '../optimizer-settings.js';

export const bestStateSchema = v.object({
  epoch: v.nullable(v.number()),
  score: v.nullable(v.number()),
  /** The metrics at the best epoch. */
  validation: metricsSchema,
  /** Epochs since. */
  waited: v.number(),
  tasks: v.record(v.string(), v.object({ epoch: v.number(), value: v.number() })),
});
type BestState = v.InferOutput<typeof bestStateSchema>;

/**
 * Keeps which epoch is the best. Of equal epochs the earlier is; where nothing can be judged (no validation
 * rows, or a metric that they leave undefined) the latest is.
 */
export class BestEpoch {
  private state: BestState = { epoch: null, score: null, validation: {}, waited: 0, tasks: {} };

  constructor(
    private readonly judged: EpochScore,
    private readonly tasks: readonly Pick<RunTask, 'name' | 'kind'>[],
  ) {}

  /** Takes in an epoch, in order; true: it is the best so far. */
  add(epoch: number, validation: Metrics | null): boolean {
    const score = this.score(validation ?? {});
    const best = score === null || this.state.score === null || score > this.state.score;
    this.state = {
      ...(best
        ? { epoch, score, validation: validation ?? {}, waited: 0 }
        : { ...this.state, waited: this.state.waited + 1 }),
      tasks: this.bestByTask(epoch, validation ?? {}),
    };
    return best;
  }

  get epoch(): number | null {
    return this.state.epoch;
  }

  get validation(): Metrics {
    return this.state.validation;
  }

  get bestEpochs(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.state.tasks).map(([name, { epoch }]) => [name, epoch]));
  }

  /** No better epoch for as long as the patience lasts. */
  get exhausted(): boolean {
    return this.judged.patience !== null && this.state.waited >= this.judged.patience;
  }

  save(): BestState {
    return this.state;
  }

  restore(state: BestState): void {
    this.state = state;
  }

  private score(validation: Metrics): number | null {
    let sum = 0;
    let known = 0;
    for (const { task, metric, sign } of this.judged.parts) {
      const value = validation[task]?.[metric];
      if (value === null || value === undefined) continue;
      sum += sign * value;
      known++;
    }
    return known > 0 ? sum / known : null;
  }

  private bestByTask(epoch: number, validation: Metrics): BestState['tasks'] {
    const tasks = { ...this.state.tasks };
    for (const { name, kind } of this.tasks) {
      const metric = mainMetric(kind);
      const value = validation[name]?.[metric];
      if (value === null || value === undefined) continue;
      const before = tasks[name];
      if (!before || (biggerIsBetter(metric) ? value > before.value : value < before.value))
        tasks[name] = { epoch, value };
    }
    return tasks;
  }
}
