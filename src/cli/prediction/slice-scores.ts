import type { Encoder } from '../../data/encode/encoder.js';
import type { ColumnScores, TaskSlice } from '../../shared/prediction/report.js';
import { reported, taskMetrics } from '../../training/scores/metrics.js';
import type { ColumnSlices } from './slice-column.js';

type Task = Encoder['tasks'][number];

/** The rows of a task that have its label. */
interface LabelledRows {
  /** Where they are in the table, in parts. */
  readonly places: readonly Uint32Array[];
  /** [rows] */
  readonly labels: Float32Array;
  /** [rows] or null: all 1. */
  readonly weights: Float32Array | null;
  /** [rows, outputs] */
  readonly predictions: Float32Array;
}

/** Scores the rows of each slice of columns, task by task. */
export function scoresBy(columns: readonly ColumnSlices[]): SliceScores {
  return new SliceScores(columns);
}

class SliceScores {
  /** By column and slice. */
  private readonly tasks: TaskSlice[][][];

  constructor(private readonly columns: readonly ColumnSlices[]) {
    this.tasks = columns.map(({ slices }) => slices.map(() => []));
  }

  /** Adds a task that no row can be scored by. */
  addNone({ name, kind }: Task): void {
    for (const slices of this.tasks)
      for (const tasks of slices)
        tasks.push({ task: name, kind, rows: 0, metrics: null, label: null, predicted: null });
  }

  add(task: Task, rows: LabelledRows): void {
    this.columns.forEach(({ slices, of }, column) => {
      const members = rowsOf(rows.places, of, slices.length);
      slices.forEach((_, slice) => this.tasks[column]![slice]!.push(scored(task, rows, members[slice]!)));
    });
  }

  /** Returns what was added, of the slices that have rows. */
  scores(): ColumnScores[] {
    return this.columns.map(({ column, slices, of }, at) => {
      const counts = new Array<number>(slices.length).fill(0);
      for (const slice of of) counts[slice]!++;
      return {
        column,
        slices: slices
          .map((each, slice) => ({ of: each, rows: counts[slice]!, tasks: this.tasks[at]![slice]! }))
          .filter(({ rows }) => rows > 0),
      };
    });
  }
}

/** Returns the labelled rows of each slice. `of`: the slice of each row of the table. */
function rowsOf(places: readonly Uint32Array[], of: Uint8Array, slices: number): number[][] {
  const members = Array.from({ length: slices }, (): number[] => []);
  let row = 0;
  for (const part of places) for (const place of part) members[of[place]!]!.push(row++);
  return members;
}

function scored(task: Task, all: LabelledRows, rows: readonly number[]): TaskSlice {
  const { name, kind, outputs, factor, offset } = task;
  if (rows.length === 0) return { task: name, kind, rows: 0, metrics: null, label: null, predicted: null };
  const labels = Float32Array.from(rows, (row) => all.labels[row]!);
  const weights = all.weights === null ? null : Float32Array.from(rows, (row) => all.weights![row]!);
  const predictions = new Float32Array(rows.length * outputs);
  rows.forEach((row, at) =>
    predictions.set(all.predictions.subarray(row * outputs, (row + 1) * outputs), at * outputs),
  );
  const mean = (values: Float32Array): number | null =>
    kind === 'multiclass' ? null : weightedMean(values, weights) * factor + offset;
  return {
    ...{ task: name, kind, rows: rows.length, label: mean(labels), predicted: mean(predictions) },
    metrics: reported(kind, taskMetrics({ kind, outputs, predictions, labels, weights, factor })),
  };
}

function weightedMean(values: Float32Array, weights: Float32Array | null): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < values.length; row++) {
    const weight = weights?.[row] ?? 1;
    sum += weight * values[row]!;
    total += weight;
  }
  return sum / total;
}
