import type { PreparedData, PreparedTask } from '../data/prepared.js';
import type { Members } from '../engine/members.js';
import { takeRows } from '../network/encoded-rows.js';
import { heldRows } from '../network/streamed-rows.js';
import type { TaskMetrics } from '../shared/run/run-manifest.js';
import { fillEpochOrder } from './order.js';
import type { Pace } from './pace.js';
import { predictions, ScoredRows } from './scores/evaluate.js';
import { reported, taskMetrics } from './scores/metrics.js';

/** The training rows of one fold. */
export interface Fold {
  /** The numbers of the rows that its training leaves out, ascending. */
  readonly heldOut: Uint32Array;
  /** The data of its training: the same, without those rows. */
  readonly data: PreparedData;
}

/**
 * Deals the training rows to `count` folds by chance, of sizes that differ by one at most. The same seed deals
 * alike. Each fold's data is made when it is asked for.
 */
export function* foldsOf(data: PreparedData, count: number, seed: number): Generator<Fold> {
  const train = heldRows(data.train);
  const order = new Uint32Array(train.rows);
  // Epochs count from 1: no training has this order.
  fillEpochOrder(order, seed, 0);
  for (let fold = 0; fold < count; fold++) {
    const isHeldOut = (_: number, place: number): boolean => place % count === fold;
    const heldOut = order.filter(isHeldOut).sort();
    const kept = order.filter((_, place) => place % count !== fold).sort();
    yield { heldOut, data: { ...data, train: takeRows(train, kept) } };
  }
}

/** What models predict for training rows that they have not seen. */
export class OutOfFold {
  /** Per task [rows of training, outputs], as the network predicts; NaN where no fold has been added. */
  private readonly values: readonly Float32Array[];

  constructor(private readonly data: PreparedData) {
    this.values = data.tasks.map(({ outputs }) => new Float32Array(data.train.rows * outputs).fill(NaN));
  }

  /** Adds what trained members predict for the rows that they have not seen. */
  async add(members: Members, heldOut: Uint32Array, pace: Pace): Promise<void> {
    const { tasks } = this.data;
    const train = heldRows(this.data.train);
    const loaded = members.load(train);
    try {
      const scored = new ScoredRows(loaded, train, heldOut, tasks);
      const predicted = await predictions(members, scored, tasks, pace);
      tasks.forEach(({ outputs }, task) => {
        const from = predicted[task]!;
        heldOut.forEach((row, i) =>
          this.values[task]!.set(from.subarray(i * outputs, (i + 1) * outputs), row * outputs),
        );
      });
    } finally {
      loaded.release();
    }
  }

  /** Scores a task's predictions on the training rows' labels. */
  metrics(task: number): TaskMetrics {
    const { kind, outputs, factor } = this.data.tasks[task]!;
    const { tasks } = this.data;
    const train = heldRows(this.data.train);
    const labels = new Float32Array(train.rows).map((_, row) => train.labels[row * tasks.length + task]!);
    const predicted = this.values[task]!;
    return reported(
      kind,
      taskMetrics({ kind, outputs, predictions: predicted, labels, weights: train.weights, factor }),
    );
  }

  /**
   * Returns a task's predictions [rows of training]: the probability of the positive value, or the value in
   * the label's units. Throws for a task of several classes.
   */
  taught(task: number): Float64Array {
    const { kind, factor, offset } = this.data.tasks[task]!;
    if (!hasTeacher(this.data.tasks[task]!)) throw new Error(`a ${kind} task has no teacher`);
    return Float64Array.from(this.values[task]!, (value) => value * factor + offset);
  }
}

/** Whether a task can have a teacher: one number must say all that is predicted. */
export const hasTeacher = ({ kind }: PreparedTask): boolean => kind !== 'multiclass';
