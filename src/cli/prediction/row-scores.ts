import type { Encoder } from '../../data/encode/encoder.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import type { ColumnScores, TaskScores } from '../../shared/prediction/report.js';
import type { TaskMetrics } from '../../shared/run/run-manifest.js';
import { limit } from '../../training/scores/limit.js';
import { reported, taskMetrics } from '../../training/scores/metrics.js';
import { joined } from './joined.js';
import type { ColumnSlices } from './slice-column.js';
import { scoresBy } from './slice-scores.js';

type Task = Encoder['tasks'][number];

/** Numbers of predictions that are kept of a task and run: no more, so that memory stays within 400 MB. */
const mostNumbers = 1e8;

/**
 * Takes the predictions of one or several runs for rows that may have labels, batch by batch, and scores them:
 * each run alone, and their mean. All is kept as the first run's network has it.
 */
export class RowScores {
  /** Per task [labelled rows], in parts. */
  private readonly labels: Float32Array[][];
  private readonly weights: (Float32Array | null)[][];
  /** Per task the places of the labelled rows in the table, in parts. */
  private readonly places: Uint32Array[][];
  /** Per run and task [labelled rows, outputs], in parts. */
  private readonly predicted: Float32Array[][][];
  private readonly numbers: number[];
  /** Per task, the rows of the batch that have its label. */
  private labelled: Uint32Array[] = [];

  /** `encoders`: of each run, of the same tasks. `absent`: by task, why no row has its label; null: some may. */
  constructor(
    private readonly encoders: readonly Encoder[],
    private readonly absent: readonly (string | null)[],
  ) {
    const { tasks } = this;
    this.labels = tasks.map(() => []);
    this.weights = tasks.map(() => []);
    this.places = tasks.map(() => []);
    this.predicted = encoders.map(() => tasks.map(() => []));
    this.numbers = tasks.map(() => 0);
  }

  private get tasks(): readonly Task[] {
    return this.encoders[0]!.tasks;
  }

  /**
   * Takes the labels of the batch whose predictions are added next, which has those of the first run. `firstRow`: the
   * place of its first row in the table.
   */
  begin({ rows, labels, weights }: EncodedRows, firstRow: number): void {
    this.tasks.forEach(({ outputs }, k) => {
      const labelled = this.isScored(k)
        ? labelledRows({ rows, labels, weights }, this.tasks.length, k)
        : new Uint32Array(0);
      this.labelled[k] = labelled;
      if (labelled.length === 0) return;
      this.labels[k]!.push(Float32Array.from(labelled, (row) => labels[row * this.tasks.length + k]!));
      this.places[k]!.push(labelled.map((row) => firstRow + row));
      this.weights[k]!.push(weights && Float32Array.from(labelled, (row) => weights[row]!));
      this.numbers[k]! += labelled.length * outputs;
    });
  }

  /** Adds what a run predicts for the batch, per task [rows, outputs]. */
  add(run: number, predictions: readonly Float32Array[]): void {
    this.tasks.forEach((task, k) => {
      const labelled = this.labelled[k]!;
      if (labelled.length === 0) return;
      const { outputs } = task;
      const own = new Float32Array(labelled.length * outputs);
      labelled.forEach((row, at) =>
        own.set(predictions[k]!.subarray(row * outputs, (row + 1) * outputs), at * outputs),
      );
      limit(own, this.encoders[run]!.tasks[k]!);
      this.predicted[run]![k]!.push(asFirst(own, this.encoders[run]!.tasks[k]!, task));
    });
  }

  private isScored(task: number): boolean {
    return this.absent[task] === null && !this.isTooLarge(task);
  }

  private isTooLarge(task: number): boolean {
    return this.numbers[task]! > mostNumbers;
  }

  /** Returns how good the predictions of each task are: of all rows, and of those of each slice of columns. */
  scored(columns: readonly ColumnSlices[]): { scores: TaskScores[]; by: ColumnScores[] } {
    const by = scoresBy(columns);
    const scores = this.tasks.map((task, k): TaskScores => {
      const { name, kind } = task;
      const labels = joined(this.labels[k]!, Float32Array);
      const none = (why: string): TaskScores => {
        by.addNone(task);
        return { ...{ task: name, kind, rows: labels.length, why }, metrics: null };
      };
      const absent = this.absent[k] ?? null;
      if (absent !== null) return none(absent);
      if (this.isTooLarge(k)) return none('there are too many rows and classes to score them');
      if (labels.length === 0) return none('no row has a label that is known');
      const parts = this.weights[k]!;
      const weights = parts.some((one) => one === null)
        ? null
        : joined(parts as Float32Array[], Float32Array);
      const scored = (predictions: Float32Array): TaskMetrics =>
        reported(
          kind,
          taskMetrics({ kind, outputs: task.outputs, predictions, labels, weights, factor: task.factor }),
        );
      const byRun = this.predicted.map((tasks) => joined(tasks[k]!, Float32Array));
      const predictions = meanOf(byRun);
      by.add(task, { places: this.places[k]!, labels, weights, predictions });
      return {
        ...{ task: name, kind, rows: labels.length, why: null },
        metrics: scored(predictions),
        ...(byRun.length > 1 && { runs: byRun.map(scored) }),
      };
    });
    return { scores, by: by.scores() };
  }
}

function labelledRows(
  { rows, labels, weights }: Pick<EncodedRows, 'rows' | 'labels' | 'weights'>,
  tasks: number,
  task: number,
): Uint32Array {
  const found = new Uint32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++)
    if (!Number.isNaN(labels[row * tasks + task]) && weights?.[row] !== 0) found[count++] = row;
  return found.subarray(0, count);
}

/** Returns predictions of a network as another one of the same task would have them. */
function asFirst(values: Float32Array, own: Task, first: Task): Float32Array {
  if (own.offset === first.offset && own.factor === first.factor) return values;
  return values.map((value) => (value * own.factor + own.offset - first.offset) / first.factor);
}

/** Returns the mean of arrays of one length, element by element. */
export function meanOf(all: readonly Float32Array[]): Float32Array {
  const [first] = all;
  if (first === undefined) throw new Error('there is nothing to take the mean of');
  if (all.length === 1) return first;
  return first.map((_, i) => all.reduce((sum, values) => sum + values[i]!, 0) / all.length);
}
