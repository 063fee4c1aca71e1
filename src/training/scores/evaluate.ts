import { DivergedError, type Evaluation } from '../../engine/engine.js';
import type { MemberRows, Members } from '../../engine/members.js';
import type { PreparedTask } from '../../data/prepared.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { MAX_EVALUATION_ROWS } from '../../network/memory-estimate.js';
import type { Metrics } from '../../shared/run/run-manifest.js';
import { limit } from './limit.js';
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
  /** By member: the results of its last chunk, whose arrays the next one reuses. */
  readonly spent: Evaluation[] = [];
  /** Per task [count, outputs], for the sums over members; made when first needed. */
  private sums: readonly Float64Array[] | null = null;
  /** Per task: whether any row counts. */
  private readonly counts: readonly boolean[];

  constructor(
    readonly loaded: MemberRows,
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

  /** Returns room for the sums over members, filled with 0. */
  emptySums(): readonly Float64Array[] {
    this.sums ??= this.room.map(({ length }) => new Float64Array(length));
    for (const sums of this.sums) sums.fill(0);
    return this.sums;
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

/** Returns the labels of one of so many tasks, of all rows. */
export function labelsOf(rows: EncodedRows, task: number, tasks: number): Float32Array {
  const own = new Float32Array(rows.rows);
  for (let row = 0; row < own.length; row++) own[row] = rows.labels[row * tasks + task]!;
  return own;
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
 * Runs the rows through a member's network in chunks, so that memory stays bounded and the event loop gets its
 * turns.
 */
export async function evaluateInChunks(
  members: Members,
  member: number,
  rows: ScoredRows,
  pace: Pace,
  chunks: EvaluationChunks,
): Promise<void> {
  const { count = rows.count, want = {}, floatsPerRow = 1, onChunk } = chunks;
  const size = Math.max(1, Math.min(MAX_EVALUATION_ROWS, Math.floor(chunkFloats / floatsPerRow)));
  for (let first = 0; first < count; first += size) {
    const chunk = members.engines[member]!.evaluate(
      rows.loaded.of[member]!,
      rows.indices.subarray(first, Math.min(first + size, count)),
      want,
      rows.spent[member],
    );
    onChunk(chunk, first);
    rows.spent[member] = chunk;
    await pace.breathe();
  }
}

export interface PredictionWatch {
  /** Takes the routes of each chunk of the first member. */
  readonly routes?: {
    readonly floatsPerRow: number;
    readonly onChunk: (routes: readonly Float32Array[], firstRow: number) => void;
  };
  /** Takes the predictions of each member, good until it returns. */
  readonly onMember?: (predictions: readonly Float32Array[]) => void;
}

/**
 * Returns the predictions per task [rows.count, outputs], good until the next of these rows: each member's are
 * limited, then their mean is taken.
 */
export async function predictions(
  members: Members,
  rows: ScoredRows,
  tasks: readonly PreparedTask[],
  pace: Pace,
  { routes, onMember }: PredictionWatch = {},
): Promise<readonly Float32Array[]> {
  const { room } = rows;
  const sums = members.count > 1 ? rows.emptySums() : null;
  for (let member = 0; member < members.count; member++) {
    const watched = member === 0 ? routes : undefined;
    await evaluateInChunks(members, member, rows, pace, {
      want: { routes: watched !== undefined },
      floatsPerRow: watched?.floatsPerRow ?? 1,
      onChunk: (chunk, first) => {
        chunk.predictions.forEach((values, k) => {
          room[k]!.set(values, first * tasks[k]!.outputs);
          limit(room[k]!.subarray(first, first + chunk.rows), tasks[k]!);
        });
        if (watched && chunk.routes) watched.onChunk(chunk.routes, first);
      },
    });
    onMember?.(room);
    sums?.forEach((sum, k) => addTo(sum, room[k]!));
  }
  sums?.forEach((sum, k) => {
    for (let i = 0; i < sum.length; i++) room[k]![i] = sum[i]! / members.count;
  });
  return room;
}

function addTo(sums: Float64Array, values: Float32Array): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += values[i]!;
}
