import { expertRowLimit } from '../insight/experts.js';
import { Inspection } from './inspection.js';
import type { TrainingJob } from './job.js';
import { heldLimit, Parts } from './rows/parts.js';
import { HeldTrainRows, StreamedTrainRows, type TrainRows } from './rows/train-rows.js';
import { isStreamed } from '../network/streamed-rows.js';
import type { ScoredRows } from './scores/evaluate.js';
import { HeldPart, type ScoredPart } from './scores/scored-part.js';

/** Rows that the train metrics are taken on, at most; also no more than there are validation rows. */
export const trainSampleLimit = 20_000;

/**
 * The rows of a training as its members hold them, and the fixed samples that are looked at after every
 * epoch.
 */
export class PreparedRows {
  private constructor(
    private readonly job: TrainingJob,
    readonly train: TrainRows,
    private readonly parts: Parts,
    readonly trainSample: ScoredRows,
    /** Over the validation rows, or many of them; without any, over the sample of the training rows. */
    readonly inspection: Inspection,
  ) {}

  /** `limit`: of the parts that are taken into memory from a file. */
  static async open(job: TrainingJob, limit = heldLimit): Promise<PreparedRows> {
    const { data, description, members, settings } = job;
    const { train, validation, tasks } = data;
    const parts = new Parts(members, tasks, settings.seed, limit);
    const trainRows = trainRowsOf(job, parts);
    const sampled = Math.min(train.rows, trainSampleLimit, validation?.rows ?? trainSampleLimit);
    const trainSample = await parts.some(train, sampled);
    const { inspected, scored } =
      validation === null
        ? { inspected: trainSample, scored: new HeldPart(trainSample, tasks) }
        : await parts.whole(validation);
    const few = await parts.some(validation ?? train, Math.min(expertRowLimit, inspected.count));
    const inspection = new Inspection(description, tasks, inspected, few, scored);
    return new PreparedRows(job, trainRows, parts, trainSample, inspection);
  }

  /** Read when first asked for, as they are only needed at the end. */
  async test(): Promise<ScoredPart | null> {
    const { test } = this.job.data;
    return test && (await this.parts.whole(test)).scored;
  }

  async release(): Promise<void> {
    this.parts.release();
    await this.train.release();
  }
}

function trainRowsOf({ data, members, settings }: TrainingJob, parts: Parts): TrainRows {
  const { train, stream } = data;
  const { batchSize, seed } = settings;
  if (isStreamed(train))
    return new StreamedTrainRows(train, { members, batchSize, seed, window: stream?.window ?? train.rows });
  const held = new HeldTrainRows(train, members);
  parts.add(train, held.loaded);
  return held;
}
