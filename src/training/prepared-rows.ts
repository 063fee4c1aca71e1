import { expertRowLimit } from '../insight/experts.js';
import type { MemberRows } from '../engine/members.js';
import type { EncodedRows } from '../network/encoded-rows.js';
import { ScoredRows } from './scores/evaluate.js';
import { Inspection } from './inspection.js';
import type { TrainingJob } from './job.js';
import { sampleRows } from './order.js';

/** Rows that the train metrics are taken on, at most; also no more than there are validation rows. */
const trainSampleLimit = 20_000;

/**
 * The rows of a training as its members hold them, and the fixed samples that are looked at after every
 * epoch.
 */
export class PreparedRows {
  readonly train: MemberRows;
  readonly trainSample: ScoredRows;
  /** Over the validation rows; without any, over the sample of the training rows. */
  readonly inspection: Inspection;
  private readonly held: MemberRows[] = [];

  constructor(private readonly job: TrainingJob) {
    const { data, description } = job;
    const { targets, labels } = data.train;
    // What is taught is a matter of the steps alone: metrics are taken on the labels.
    this.train = this.load({ ...data.train, labels: targets ?? labels });
    const sampled = Math.min(data.train.rows, trainSampleLimit, data.validation?.rows ?? trainSampleLimit);
    this.trainSample = this.sample(this.train, data.train, sampled);
    const rows = data.validation ?? data.train;
    const loaded = data.validation ? this.load(data.validation) : this.train;
    const inspected = data.validation ? this.sample(loaded, rows, rows.rows) : this.trainSample;
    const few = this.sample(loaded, rows, Math.min(expertRowLimit, inspected.count));
    this.inspection = new Inspection(description, data.tasks, inspected, few);
  }

  /** Loaded when first asked for, as they are only needed at the end. */
  test(): ScoredRows | null {
    const { test } = this.job.data;
    return test && this.sample(this.load(test), test, test.rows);
  }

  release(): void {
    for (const rows of this.held) rows.release();
  }

  private load(rows: EncodedRows): MemberRows {
    const loaded = this.job.members.load(rows);
    this.held.push(loaded);
    return loaded;
  }

  private sample(loaded: MemberRows, rows: EncodedRows, count: number): ScoredRows {
    return new ScoredRows(
      loaded,
      rows,
      sampleRows(this.job.settings.seed, rows.rows, count),
      this.job.data.tasks,
    );
  }
}
