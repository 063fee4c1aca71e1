import * as v from 'valibot';
import { metricsSchema, type Metrics } from '../../shared/run/run-manifest.js';
import { biggerIsBetter, mainMetric } from '../../shared/task-kinds.js';
import type { EpochScore } from '../optimizer-settings.js';

const stateSchema = v.object({
  epoch: v.nullable(v.number()),
  score: v.nullable(v.number()),
  /** The metrics at the best epoch. */
  validation: metricsSchema,
  /** Epochs since. */
  waited: v.number(),
});

/** The best of one group of tasks, or of all. */
type BestState = v.InferOutput<typeof stateSchema>;

export const savedBestSchema = v.object({
  ...stateSchema.entries,
  tasks: v.record(v.string(), v.object({ epoch: v.number(), value: v.number() })),
  /**
   * Where groups of tasks share no weights, each one's own best, in their order, and all else is of them
   * together. Absent: there is one group, or the training began when one epoch served all tasks.
   */
  groups: v.optional(v.array(stateSchema)),
});
type SavedBest = v.InferOutput<typeof savedBestSchema>;

const nothing: BestState = { epoch: null, score: null, validation: {}, waited: 0 };

/**
 * Keeps which epoch is the best: of each group of tasks that share no weights with others its own, as each
 * would be trained alone. A group whose patience has ended keeps what it has. Of equal epochs the earlier is
 * the best; where nothing can be judged (no validation rows, or a metric that they leave undefined) the
 * latest is.
 */
export class BestEpoch {
  private groups: readonly EpochScore[];
  private states: readonly BestState[];
  private tasks: SavedBest['tasks'] = {};

  /** `groups`: of tasks that share no weights with others; one, or none: all tasks have one best epoch. */
  constructor(
    private readonly together: EpochScore,
    groups: readonly EpochScore[] = [],
  ) {
    this.groups = groups.length > 1 ? groups : [together];
    this.states = this.groups.map(() => nothing);
  }

  /** Takes in an epoch, in order. Returns the tasks for which it is the best so far. */
  add(epoch: number, validation: Metrics | null): ReadonlySet<string> {
    const improved = new Set<string>();
    this.states = this.states.map((state, number) => {
      const group = this.groups[number]!;
      if (this.keepsApart && isExhausted(group, state)) return state;
      const own = metricsOf(group, validation ?? {});
      this.keepByTask(group, epoch, own);
      const score = scoreOf(group, own);
      if (score !== null && state.score !== null && score <= state.score)
        return { ...state, waited: state.waited + 1 };
      for (const { name } of group.tasks) improved.add(name);
      return { epoch, score, validation: own, waited: 0 };
    });
    return improved;
  }

  /** The last epoch of which weights are kept; null: there is none yet. */
  get epoch(): number | null {
    const epochs = this.states.flatMap(({ epoch }) => (epoch === null ? [] : [epoch]));
    return epochs.length > 0 ? Math.max(...epochs) : null;
  }

  /** True if all weights that are kept are of this one epoch. */
  isWholly(epoch: number): boolean {
    return this.states.every((state) => state.epoch === epoch);
  }

  /** The metrics of the weights that are kept. */
  get validation(): Metrics {
    return Object.assign({}, ...this.states.map(({ validation }) => validation)) as Metrics;
  }

  /** By task, the epoch whose weights are kept; null: one epoch serves all. */
  get keptEpochs(): Record<string, number> | null {
    if (!this.keepsApart) return null;
    return Object.fromEntries(
      this.groups.flatMap(({ tasks }, group) => {
        const { epoch } = this.states[group]!;
        return epoch === null ? [] : tasks.map(({ name }) => [name, epoch] as const);
      }),
    );
  }

  get bestEpochs(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.tasks).map(([name, { epoch }]) => [name, epoch]));
  }

  /** No better epoch for as long as the patience lasts, for any of the tasks that are waited for. */
  get exhausted(): boolean {
    const groups = this.groups.map((group, number) => ({ group, state: this.states[number]! }));
    const waitedFor = groups.filter(({ group }) => group.patience !== null);
    return waitedFor.length > 0 && waitedFor.every(({ group, state }) => isExhausted(group, state));
  }

  save(): SavedBest {
    const { tasks, states } = this;
    if (!this.keepsApart) return { ...states[0]!, tasks };
    const waited = Math.min(...states.map((state) => state.waited));
    return {
      epoch: this.epoch,
      score: null,
      validation: this.validation,
      waited,
      tasks,
      groups: [...states],
    };
  }

  /** Goes on as it was saved: with one epoch for all tasks where a training began so. */
  restore({ tasks, groups, ...together }: SavedBest): void {
    this.tasks = tasks;
    if (groups === undefined) this.groups = [this.together];
    this.states = groups ?? [together];
  }

  private get keepsApart(): boolean {
    return this.groups.length > 1;
  }

  private keepByTask(group: EpochScore, epoch: number, validation: Metrics): void {
    const found = { ...this.tasks };
    for (const { name, kind } of group.tasks) {
      const metric = mainMetric(kind);
      const value = validation[name]?.[metric];
      if (value === null || value === undefined) continue;
      const before = found[name];
      if (!before || (biggerIsBetter(metric) ? value > before.value : value < before.value))
        found[name] = { epoch, value };
    }
    this.tasks = found;
  }
}

const isExhausted = ({ patience }: EpochScore, { waited }: BestState): boolean =>
  patience !== null && waited >= patience;

const metricsOf = ({ tasks }: EpochScore, metrics: Metrics): Metrics =>
  Object.fromEntries(Object.entries(metrics).filter(([name]) => tasks.some((task) => task.name === name)));

function scoreOf({ parts }: EpochScore, validation: Metrics): number | null {
  let sum = 0;
  let known = 0;
  for (const { task, metric, sign } of parts) {
    const value = validation[task]?.[metric];
    if (value === null || value === undefined) continue;
    sum += sign * value;
    known++;
  }
  return known > 0 ? sum / known : null;
}
