import type { PreparedTask } from '../data/prepared.js';
import { DivergedError, type LoadedRows } from '../engine/engine.js';
import { expertRowLimit } from '../insight/experts.js';
import type { NamedArrays } from '../network/parameters.js';
import type { EncodedRows } from '../network/rows.js';
import { InputError } from '../shared/errors.js';
import type { Metrics, RunEvent } from '../shared/run.js';
import { BestEpoch } from './best.js';
import {
  decodeCheckpoint,
  decodeWeights,
  encodeCheckpoint,
  encodeWeights,
  hashDescription,
  type CheckpointOrigin,
  type TrainingProgress,
} from './checkpoint.js';
import { explainDivergence } from './diverged.js';
import { predictions, ScoredRows } from './evaluate.js';
import { Inspection } from './inspection.js';
import type { Train, TrainingJob, TrainingOutcome, TrainingSummary } from './job.js';
import { LossWindow } from './losses.js';
import { fillEpochOrder, sampleRows } from './order.js';
import { Pace } from './pace.js';
import { epochScore } from './settings.js';

/** `step` events of a run, about at most. */
const stepEventLimit = 2000;
/** Seconds of training that a kill may cost. */
const checkpointInterval = 30;
/** Rows that the train metrics are taken on, at most. */
const trainSampleLimit = 20_000;

type WithoutCommon<T> = T extends unknown ? Omit<T, 'seq' | 'time' | 'step'> : never;

export const train: Train = async (job) => {
  const training = new Training(job);
  try {
    return await training.run();
  } catch (error) {
    if (error instanceof DivergedError) training.fail(explainDivergence(error, job.settings));
    throw error;
  } finally {
    training.release();
  }
};

/**
 * One training. What a resume must know is in the fields under “progress”; all else follows from the job.
 * Events are written before the checkpoint of the same step, and no checkpoint lies between a last step and its epoch's events,
 * so that a killed run, resumed, repeats no event that its log keeps.
 */
class Training {
  private readonly tasks: readonly PreparedTask[];
  private readonly names: readonly string[];
  private readonly stepsPerEpoch: number;
  private readonly stepsPerEvent: number;
  private readonly origin: CheckpointOrigin;
  private readonly pace: Pace;
  private readonly held: LoadedRows[] = [];
  private readonly trainRows: LoadedRows;
  private readonly trainSample: ScoredRows;
  private readonly inspection: Inspection;
  private readonly order: Uint32Array;

  // progress
  private epoch = 0;
  private position = 0;
  private step = 0;
  private secondsBefore = 0;
  private stepSeconds = 0;
  private readonly losses: LossWindow;
  private readonly best: BestEpoch;
  private bestWeights: NamedArrays | null = null;

  private readonly began: number;
  private savedAt: number;

  constructor(private readonly job: TrainingJob) {
    const { data, settings, description, clock, sink } = job;
    this.tasks = data.tasks;
    this.names = data.tasks.map((task) => task.name);
    this.best = new BestEpoch(epochScore(settings, data.tasks), data.tasks);
    this.losses = new LossWindow(data.tasks.length);
    this.stepsPerEpoch = Math.ceil(data.train.rows / settings.batchSize);
    this.stepsPerEvent = Math.max(1, Math.ceil((settings.epochs * this.stepsPerEpoch) / stepEventLimit));
    this.origin = {
      network: hashDescription(description),
      data: data.fingerprint,
      seed: settings.seed,
      batchSize: settings.batchSize,
      optimizer: settings.optimizer,
    };
    this.began = clock();
    this.savedAt = this.began;
    this.pace = new Pace(clock, () => sink.beat());
    this.order = new Uint32Array(data.train.rows);
    this.trainRows = this.load(data.train);
    const sampled = Math.min(data.train.rows, trainSampleLimit, data.validation?.rows ?? trainSampleLimit);
    this.trainSample = this.sample(this.trainRows, data.train, sampled);
    this.inspection = this.inspect();
  }

  private load(rows: EncodedRows): LoadedRows {
    const loaded = this.job.engine.load(rows);
    this.held.push(loaded);
    return loaded;
  }

  private sample(loaded: LoadedRows, rows: EncodedRows, count: number): ScoredRows {
    return new ScoredRows(loaded, rows, sampleRows(this.job.settings.seed, rows.rows, count), this.tasks);
  }

  /** Over the validation rows; without any, over the sample of the training rows. */
  private inspect(): Inspection {
    const { description, data } = this.job;
    const rows = data.validation ?? data.train;
    const loaded = data.validation ? this.load(data.validation) : this.trainRows;
    const inspected = data.validation ? this.sample(loaded, rows, rows.rows) : this.trainSample;
    return new Inspection(description, this.tasks, inspected, this.sample(loaded, rows, Math.min(expertRowLimit, inspected.count)));
  }

  async run(): Promise<TrainingOutcome> {
    if (this.job.resume) this.resume(this.job.resume);
    else {
      this.event({ type: 'start', epochs: this.job.settings.epochs, stepsPerEpoch: this.stepsPerEpoch });
      await this.report(null);
      this.save();
    }
    while (!this.done()) {
      if (!(await this.trainEpoch())) return this.stop();
      await this.finishEpoch();
    }
    return this.finish();
  }

  private done(): boolean {
    return this.epoch >= this.job.settings.epochs || this.best.exhausted;
  }

  /** Steps to the end of the epoch; false: was asked to stop before. */
  private async trainEpoch(): Promise<boolean> {
    const { engine, clock, sink, settings } = this.job;
    const { order, trainRows, losses, stepsPerEvent } = this;
    const rows = order.length;
    fillEpochOrder(order, settings.seed, this.epoch + 1);
    if (sink.stopRequested()) return false;
    let since = clock();
    while (this.position < rows) {
      const end = Math.min(this.position + settings.batchSize, rows);
      losses.add(engine.step(trainRows, order.subarray(this.position, end)));
      this.position = end;
      this.step++;
      if (this.step % stepsPerEvent === 0) this.reportLosses();
      const now = clock();
      if (!this.pace.beat(now)) continue;
      this.stepSeconds += now - since;
      await this.pace.rest();
      if (this.position < rows) {
        if (sink.stopRequested()) return false;
        if (now - this.savedAt >= checkpointInterval) this.save();
      }
      since = clock();
    }
    this.stepSeconds += clock() - since;
    return true;
  }

  private async finishEpoch(): Promise<void> {
    const rowsPerSecond = this.stepSeconds > 0 ? this.order.length / this.stepSeconds : null;
    this.epoch++;
    this.position = 0;
    this.stepSeconds = 0;
    const best = await this.report(rowsPerSecond);
    if (this.done() && !this.losses.empty) this.reportLosses();
    if (best) this.bestWeights = this.job.engine.weights();
    // Last before best: a resume between the two can make the best from the last, not the other way round.
    this.save();
    this.event({ type: 'checkpoint', epoch: this.epoch, file: 'last.safetensors' });
    if (best) {
      this.saveBest();
      this.event({ type: 'checkpoint', epoch: this.epoch, file: 'best.safetensors' });
    }
    this.reportProgress(rowsPerSecond, null);
  }

  /** The `epoch`, `routes` and `experts` events; true: the best epoch so far. */
  private async report(rowsPerSecond: number | null): Promise<boolean> {
    const { engine, data } = this.job;
    const { epoch, tasks, pace, step } = this;
    const train = this.trainSample.metrics(await predictions(engine, this.trainSample, tasks, pace, null), step);
    const { metrics, routes, experts } = await this.inspection.report(engine, pace, step);
    const validation = data.validation ? metrics : null;
    // The untrained network is looked at, but no candidate.
    const best = epoch > 0 && this.best.add(epoch, validation);
    this.event({ type: 'epoch', epoch, train, validation, rowsPerSecond, best });
    routes.forEach((groups, level) => this.event({ type: 'routes', epoch, level, groups }));
    experts.forEach((health, level) => this.event({ type: 'experts', epoch, level, experts: health }));
    return best;
  }

  private reportLosses(): void {
    // Epochs done, in parts of one: where the step lies on the epochs' axis.
    const epoch = Number((this.step / this.stepsPerEpoch).toFixed(4));
    this.event({ type: 'step', epoch, losses: this.losses.take(this.names) });
  }

  private reportProgress(rowsPerSecond: number | null, test: Metrics | null): void {
    this.job.sink.progress({ epoch: this.epoch, seconds: this.seconds(), rowsPerSecond, summary: this.summary(test) });
  }

  private async finish(): Promise<TrainingOutcome> {
    const { settings } = this.job;
    const reason = this.best.exhausted
      ? `no better epoch in ${settings.stopEarly.patience} after epoch ${this.best.epoch}`
      : `all ${settings.epochs} epochs done`;
    return this.end('finished', reason, await this.testMetrics());
  }

  private stop(): TrainingOutcome {
    this.save();
    this.event({ type: 'checkpoint', epoch: this.epoch, file: 'last.safetensors' });
    return this.end('stopped', `stopped at step ${this.step}, in epoch ${this.epoch + 1}`, null);
  }

  private end(status: 'finished' | 'stopped', reason: string, test: Metrics | null): TrainingOutcome {
    this.event({ type: 'end', status, reason });
    return { status, reason, epochs: this.epoch, seconds: this.seconds(), summary: this.summary(test) };
  }

  fail(reason: string): void {
    this.event({ type: 'end', status: 'failed', reason });
  }

  /** With the best epoch's weights, which the engine then keeps. Null without test rows. */
  private async testMetrics(): Promise<Metrics | null> {
    const { engine, data } = this.job;
    if (this.bestWeights) engine.setWeights(this.bestWeights);
    if (!data.test) return null;
    const rows = this.sample(this.load(data.test), data.test, data.test.rows);
    return rows.metrics(await predictions(engine, rows, this.tasks, this.pace, null), this.step);
  }

  private summary(test: Metrics | null): TrainingSummary {
    const { epoch, bestEpochs, validation } = this.best;
    return { bestEpoch: epoch, bestEpochs, validation, test };
  }

  private resume({ last, best }: NonNullable<TrainingJob['resume']>): void {
    const { engine } = this.job;
    const { weights, optimizer, progress } = decodeCheckpoint(last, this.origin);
    engine.setWeights(weights);
    engine.setOptimizerState(optimizer);
    this.epoch = progress.epoch;
    this.position = progress.position;
    this.step = progress.step;
    this.secondsBefore = progress.seconds;
    this.stepSeconds = progress.stepSeconds;
    this.losses.sums.set(progress.losses.sums);
    this.losses.counts.set(progress.losses.counts);
    this.best.restore(progress.best);
    if (this.best.epoch !== null) this.bestWeights = this.weightsOfBest(best, this.best.epoch, weights);
    this.event({ type: 'resume', epoch: this.epoch });
    this.reportProgress(null, null);
  }

  private weightsOfBest(best: Uint8Array | null, epoch: number, last: NamedArrays): NamedArrays {
    if (this.epoch === epoch && this.position === 0) {
      // The run may have been killed before these weights became best.safetensors.
      this.job.sink.checkpoint('best.safetensors', encodeWeights(last, { network: this.origin.network, epoch }));
      return last;
    }
    const found = best && decodeWeights(best, this.job.description);
    if (found?.epoch !== epoch) {
      throw new InputError('checkpoint.no-best', `best.safetensors does not hold the weights of epoch ${epoch}; start a new run`);
    }
    return found.weights;
  }

  private save(): void {
    const { engine, sink, clock } = this.job;
    const progress: TrainingProgress = {
      epoch: this.epoch,
      position: this.position,
      step: this.step,
      seconds: this.seconds(),
      stepSeconds: this.stepSeconds,
      losses: { sums: [...this.losses.sums], counts: [...this.losses.counts] },
      best: this.best.save(),
    };
    sink.checkpoint(
      'last.safetensors',
      encodeCheckpoint({ weights: engine.weights(), optimizer: engine.optimizerState(), progress }, this.origin),
    );
    this.savedAt = clock();
  }

  private saveBest(): void {
    const { network } = this.origin;
    if (this.bestWeights) this.job.sink.checkpoint('best.safetensors', encodeWeights(this.bestWeights, { network, epoch: this.epoch }));
  }

  private seconds(): number {
    return this.secondsBefore + this.job.clock() - this.began;
  }

  private event(event: WithoutCommon<RunEvent>): void {
    this.job.sink.event({ ...event, time: Number(this.seconds().toFixed(3)), step: this.step });
  }

  release(): void {
    for (const rows of this.held) rows.release();
  }
}
