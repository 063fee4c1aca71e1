import type { PreparedTask } from '../../data/prepared.js';
import { DivergedError } from '../../engine/engine.js';
import type { Members } from '../../engine/members.js';
import { MAX_EVALUATION_ROWS } from '../../network/memory-estimate.js';
import { pieces, type StreamedRows } from '../../network/streamed-rows.js';
import type { Metrics } from '../../shared/run/run-manifest.js';
import type { Pace } from '../pace.js';
import { BinnedAuc } from './binned-auc.js';
import { labelsOf, predictions, ScoredRows } from './evaluate.js';
import { meanAuc, reported, scoreSums, type ScoredTask } from './metrics.js';

/** The metrics of all members together and, if there are several, of each alone. */
export interface PartScores {
  readonly together: Metrics;
  readonly alone: Metrics[];
}

/** A part of the data that is scored as a whole. */
export interface ScoredPart {
  /** Throws DivergedError where a loss is not finite; `step` is for its message. */
  score(members: Members, pace: Pace, step: number): Promise<PartScores>;
}

/** Rows that are in memory. */
export class HeldPart implements ScoredPart {
  constructor(
    private readonly rows: ScoredRows,
    private readonly tasks: readonly PreparedTask[],
  ) {}

  async score(members: Members, pace: Pace, step: number): Promise<PartScores> {
    const alone: Metrics[] = [];
    const onMember = (values: readonly Float32Array[]) => alone.push(this.rows.metrics(values, step));
    const several = members.count > 1 ? { onMember } : {};
    const together = await predictions(members, this.rows, this.tasks, pace, several);
    return { together: this.rows.metrics(together, step), alone };
  }
}

/** The rows of a file that are evaluated before more are read: whole chunks of an evaluation. */
const pieceRows = 8 * MAX_EVALUATION_ROWS;

/**
 * Rows of a file: they are read anew for each score, and take no more memory the more they are. Of the metrics
 * only AUC differs from that of rows in memory: by at most the bound of BinnedAuc.
 */
export class StreamedPart implements ScoredPart {
  constructor(
    private readonly rows: StreamedRows,
    private readonly tasks: readonly PreparedTask[],
  ) {}

  async score(members: Members, pace: Pace, step: number): Promise<PartScores> {
    const { tasks } = this;
    const together = tasks.map((task) => new TaskScore(task));
    const alone =
      members.count > 1 ? members.engines.map(() => tasks.map((task) => new TaskScore(task))) : [];
    const all = Uint32Array.from({ length: Math.min(pieceRows, this.rows.rows) }, (_, row) => row);
    for await (const { rows } of pieces(this.rows, pieceRows)) {
      const loaded = members.load(rows);
      try {
        const scored = new ScoredRows(loaded, rows, all.subarray(0, rows.rows), tasks);
        const add = (scores: readonly TaskScore[], values: readonly Float32Array[]): void =>
          scores.forEach((score, k) => score.add(values[k]!, labelsOf(rows, k, tasks.length), rows.weights));
        let member = 0;
        const onMember = (values: readonly Float32Array[]): void => add(alone[member++]!, values);
        add(together, await predictions(members, scored, tasks, pace, alone.length > 0 ? { onMember } : {}));
      } finally {
        loaded.release();
      }
    }
    const metrics = (scores: readonly TaskScore[]): Metrics =>
      Object.fromEntries(scores.map((score) => [score.name, score.metrics(step)]));
    return { together: metrics(together), alone: alone.map(metrics) };
  }
}

/** Returns the digits of bins (BinnedAuc): 4 MB for each output, or half a megabyte if there are many. */
const digitsFor = (outputs: number): number => (outputs <= 16 ? 12 : 9);

/** The metrics of a task over rows that come piece by piece. */
class TaskScore {
  private readonly sums;
  private readonly aucs: readonly BinnedAuc[];
  private counts = false;

  constructor(private readonly task: PreparedTask) {
    const { kind, outputs } = task;
    this.sums = scoreSums(task);
    this.aucs =
      kind === 'regression' ? [] : Array.from({ length: outputs }, () => new BinnedAuc(digitsFor(outputs)));
  }

  get name(): string {
    return this.task.name;
  }

  add(predicted: Float32Array, labels: Float32Array, weights: ScoredTask['weights']): void {
    const { outputs, kind } = this.task;
    this.sums.add({ predictions: predicted, outputs, labels, weights });
    this.aucs.forEach((auc, column) =>
      auc.add(predicted, outputs, column, labels, kind === 'binary' ? 1 : column, weights),
    );
    this.counts ||= labels.some((label, row) => !Number.isNaN(label) && weights?.[row] !== 0);
  }

  metrics(step: number): Metrics[string] {
    const { kind, name } = this.task;
    const values = this.sums.values(meanAuc(this.task, (column) => this.aucs[column]!.value()));
    if (this.counts && !Number.isFinite(values['loss'])) throw new DivergedError(name, step);
    return reported(kind, values);
  }
}
