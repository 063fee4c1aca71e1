import type { Engine, LoadedRows } from '../../engine/engine.js';
import type { TaskKind } from '../../shared/task-kinds.js';

/** Weighs the tasks' losses against each other while training: it takes the steps. */
export interface LossWeighting {
  /**
   * Takes one step of the engine on the rows at `indices`; `rate`: factor of the learning rate. Returns the
   * [tasks] losses before the step, unweighted, NaN where no row has the label.
   */
  step(engine: Engine, rows: LoadedRows, indices: Uint32Array, rate: number): Float64Array;
  /** Must be called when an epoch is over. */
  endEpoch(): void;
  /** Returns the [tasks] factors that the next step would use; null: there are none to tell (PCGrad). */
  weights(): readonly number[] | null;
  /** Returns all that a bit-identical resume needs, in an order of its own. */
  state(): number[];
  restore(state: readonly number[]): void;
}

/** The facts of a task that every method needs. */
export interface WeightedTask {
  readonly kind: TaskKind;
  /** The experiment's own factor. */
  readonly lossWeight: number;
}

/** The experiment's factors, unchanged. */
export class FixedWeighting implements LossWeighting {
  constructor(private readonly tasks: readonly WeightedTask[]) {}

  step(engine: Engine, rows: LoadedRows, indices: Uint32Array, rate: number): Float64Array {
    return engine.step(rows, indices, { rate });
  }

  endEpoch(): void {
    // They stay.
  }

  weights(): number[] {
    return this.tasks.map(({ lossWeight }) => lossWeight);
  }

  state(): number[] {
    return [];
  }

  restore(): void {
    // Nothing to remember.
  }
}
