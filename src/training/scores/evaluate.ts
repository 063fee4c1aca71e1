import { DivergedError, type Engine, type Evaluation, type LoadedRows } from '../../engine/engine.js';
import type { PreparedTask } from '../../data/prepared.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { MAX_EVALUATION_ROWS } from '../../network/memory-estimate.js';
import type { Metrics } from '../../shared/run/run-manifest.js';
import { reported, taskMetrics } from './metrics.js';
import type { Pace } from '../pace.js';

/** Floats that an evaluation's routes and expert outputs may take: 1 MB. */
const chunkFloats = 2.5e5;

/** Rows to be evaluated again and again: those at `indices`, with their labels and weights at hand. */
export class ScoredRows {
  readonly count: number;
  /** Per task [count]. */
  readonly labels: readonly Float32Array[];
  private readonly weights: Float32Array | null;
  /** Per task [count, outputs], for predictions: the same at every evaluation. */
  readonly room: readonly Float32Array[];
  /** The results of the last chunk, whose arrays the next one reuses; null: none was evaluated yet. */
  spent: Evaluation | null = null;
  /** Per task: whether any row counts. */
  private readonly counts: readonly boolean[];

  constructor(
    readonly loaded: LoadedRows,
    rows: EncodedRows,
    readonly indices: Uint32Array,
    private readonly tasks: readonly PreparedTask[],
  ) {
    this.count = indices.length;
    this.labels = tasks.map((_, k) => taken(rows.labels, indices, tasks.length, k));
    this.room = tasks.map(({ outputs }) => new Float32Array(this.count * outputs));
    const { weights } = rows;
    const own = weights && taken(weights, indices, 1, 0);
    this.weights = own;
    this.counts = this.labels.map((labels) =>
      labels.some((label, row) => !Number.isNaN(label) && own?.[row] !== 0),
    );
  }

  /**
   * Scores `predictions`, per task [count, outputs]. Throws DivergedError where a loss is not finite; `step`
   * is for its message.
   */
  metrics(predictions: readonly Float32Array[], step: number): Metrics {
    return Object.fromEntries(
      this.tasks.map((task, k) => {
        const values = taskMetrics({
          kind: task.kind,
          outputs: task.outputs,
          predictions: predictions[k]!,
          labels: this.labels[k]!,
          weights: this.weights,
          factor: task.factor,
        });
        if (this.counts[k] && !Number.isFinite(values['loss'])) throw new DivergedError(task.name, step);
        return [task.name, reported(task.kind, values)];
      }),
    );
  }
}

/** Returns one column of some rows. It avoids Float32Array.from, which makes a list of all rows first. */
function taken(values: Float32Array, indices: Uint32Array, width: number, column: number): Float32Array {
  const own = new Float32Array(indices.length);
  for (let i = 0; i < own.length; i++) own[i] = values[indices[i]! * width + column]!;
  return own;
}

export interface EvaluationChunks {
  /** The rows that are evaluated, of `rows.indices`; default: all. */
  readonly count?: number;
  readonly want?: { routes?: boolean; experts?: boolean };
  /** Floats per row of what is wanted. */
  readonly floatsPerRow?: number;
  readonly onChunk: (chunk: Evaluation, firstRow: number) => void;
}

/**
 * Runs the rows through the network in chunks, so that memory stays bounded and the event loop gets its
 * turns.
 */
export async function evaluateInChunks(
  engine: Engine,
  rows: ScoredRows,
  pace: Pace,
  chunks: EvaluationChunks,
): Promise<void> {
  const { count = rows.count, want = {}, floatsPerRow = 1, onChunk } = chunks;
  const size = Math.max(1, Math.min(MAX_EVALUATION_ROWS, Math.floor(chunkFloats / floatsPerRow)));
  for (let first = 0; first < count; first += size) {
    const chunk = engine.evaluate(
      rows.loaded,
      rows.indices.subarray(first, Math.min(first + size, count)),
      want,
      rows.spent ?? undefined,
    );
    onChunk(chunk, first);
    rows.spent = chunk;
    await pace.breathe();
  }
}

/** Limits a task's values, as the network predicts them, to what its predictions may be. */
function limit(values: Float32Array, { limits, offset, factor }: PreparedTask): void {
  if (limits === undefined) return;
  const [low, high] = [(limits.low - offset) / factor, (limits.high - offset) / factor];
  for (let row = 0; row < values.length; row++) values[row] = Math.max(low, Math.min(high, values[row]!));
}

/**
 * Returns the predictions per task [rows.count, outputs], good until the next of these rows. The routes of
 * each chunk go to `routes.onChunk`.
 */
export async function predictions(
  engine: Engine,
  rows: ScoredRows,
  tasks: readonly PreparedTask[],
  pace: Pace,
  routes: {
    floatsPerRow: number;
    onChunk: (routes: readonly Float32Array[], firstRow: number) => void;
  } | null,
): Promise<readonly Float32Array[]> {
  await evaluateInChunks(engine, rows, pace, {
    want: { routes: routes !== null },
    floatsPerRow: routes?.floatsPerRow ?? 1,
    onChunk: (chunk, first) => {
      chunk.predictions.forEach((values, k) => {
        rows.room[k]!.set(values, first * tasks[k]!.outputs);
        limit(rows.room[k]!.subarray(first, first + chunk.rows), tasks[k]!);
      });
      if (routes && chunk.routes) routes.onChunk(chunk.routes, first);
    },
  });
  return rows.room;
}
