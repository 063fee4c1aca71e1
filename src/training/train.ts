import { DivergedError, type LoadedRows } from '../engine/engine.js';
import { lossWeightingSettings } from '../experiment/schema/loss-weighting.js';
import { BufferWatch } from '../memory/buffer-watch.js';
import type { Metrics } from '../shared/run/run-manifest.js';
import type { EventOf } from '../shared/run/run-events.js';
import { batchesOf, type Batches } from './batches.js';
import { Checkpoints } from './checkpoint/checkpoints.js';
import { DivergedTraining } from './diverged.js';
import { predictions } from './scores/evaluate.js';
import { pathPlaces } from '../network/path-places.js';
import type { Reached, Train, TrainingEvent, TrainingJob, TrainingOutcome } from './job.js';
import { fillEpochOrder } from './order.js';
import { Pace } from './pace.js';
import { PreparedRows } from './prepared-rows.js';
import { PathTournament } from './path-tournament.js';
import { Progress } from './progress.js';
import { learningRateFactor } from './schedule.js';
import { createWeighting } from './weighting/create-weighting.js';
import type { LossWeighting } from './weighting/weighting.js';

/** The number of `step` events of a run, about at most. */
const stepEventLimit = 2000;
/**
 * Seconds of training that a kill may cost within an epoch, and at its end: epochs can be shorter than the
 * writing of a file.
 */
const checkpointInterval = 30;
/**
 * Epochs whose distributions and groups of rows are written, about at most, besides the best ones: they are
 * by far the largest lines.
 */
const distributionLimit = 200;
const epochInterval = 1;

/** Returns the means over all rows, without the distributions: the gates' drift is drawn from them. */
const meansOnly = (groups: EventOf<'routes'>['groups']): EventOf<'routes'>['groups'] =>
  groups
    .slice(0, 1)
    .map((group) => ({ ...group, streams: group.streams.map(({ mean, sd }) => ({ mean, sd })) }));

type WithoutCommon<T> = T extends unknown ? Omit<T, 'seq' | 'time' | 'step'> : never;

export const train: Train = async (job) => {
  const rows = new PreparedRows(job);
  const training = new Training(job, rows);
  try {
    return await training.run();
  } catch (error) {
    throw error instanceof DivergedError
      ? new DivergedTraining(error, job.settings, training.reached())
      : error;
  } finally {
    rows.release();
  }
};

/**
 * The loop. Events are written before the checkpoint of the same step, and no checkpoint lies between a last
 * step and its epoch's events, so that a killed run, resumed, repeats no event that its log keeps.
 */
class Training {
  private readonly names: readonly string[];
  private readonly batches: Batches;
  private readonly stepsPerEvent: number;
  private readonly pace: Pace;
  private readonly progress: Progress;
  private readonly checkpoints: Checkpoints;
  private readonly order: Uint32Array;
  private readonly buffers: BufferWatch;
  private readonly weighting: LossWeighting;
  /** Null: the network has no paths. */
  private readonly paths: PathTournament | null;

  constructor(
    private readonly job: TrainingJob,
    private readonly rows: PreparedRows,
  ) {
    const { data, settings, clock, sink } = job;
    this.names = data.tasks.map((task) => task.name);
    this.batches = batchesOf(data.train.rows, settings.batchSize, job.description);
    this.stepsPerEvent = Math.max(1, Math.ceil((settings.epochs * this.batches.count) / stepEventLimit));
    this.pace = new Pace(clock, () => sink.beat());
    this.progress = new Progress(settings, data.tasks, clock);
    this.weighting = createWeighting(settings, job.description);
    const hasPaths = pathPlaces(job.description).length > 0;
    this.paths = hasPaths ? new PathTournament(job.description, job.paths, settings.seed) : null;
    this.checkpoints = new Checkpoints(job, this.progress, {
      weighting: this.weighting,
      ...(this.paths !== null && { paths: this.paths }),
    });
    this.order = new Uint32Array(data.train.rows);
    this.buffers = new BufferWatch();
  }

  async run(): Promise<TrainingOutcome> {
    const { resume, settings } = this.job;
    if (resume) {
      this.checkpoints.restore(resume);
      this.event({ type: 'resume', epoch: this.progress.epoch });
      this.tellProgress(null);
    } else {
      this.event({ type: 'start', epochs: settings.epochs, stepsPerEpoch: this.batches.count });
      await this.report(null);
      this.checkpoints.save();
      await this.buffers.check();
    }
    while (!this.progress.done) {
      if (!(await this.trainEpoch())) return this.stop();
      await this.finishEpoch();
    }
    return this.finish();
  }

  /** Steps to the end of the epoch; false: it was asked to stop before. */
  private async trainEpoch(): Promise<boolean> {
    const { clock, sink, settings } = this.job;
    const { order, progress, stepsPerEvent, batches } = this;
    const { train } = this.rows;
    const rows = order.length;
    fillEpochOrder(order, settings.seed, progress.epoch + 1);
    if (sink.stopRequested()) return false;
    let since = clock();
    while (progress.position < rows) {
      const end = batches.end(progress.position);
      progress.losses.add(this.step(train, order.subarray(progress.position, end)));
      progress.position = end;
      progress.step++;
      if (progress.step % stepsPerEvent === 0) this.reportLosses();
      const now = clock();
      if (!this.pace.beat(now)) continue;
      progress.stepSeconds += now - since;
      await this.pace.rest();
      if (end < rows) {
        if (sink.stopRequested()) return false;
        if (this.checkpoints.age >= checkpointInterval) this.checkpoints.save();
      }
      since = clock();
    }
    progress.stepSeconds += clock() - since;
    return true;
  }

  /** Takes one step. Returns the tasks' losses before it. */
  private step(rows: LoadedRows, indices: Uint32Array): Float64Array {
    const { engine, settings } = this.job;
    this.paths?.prepare(engine);
    const rate = learningRateFactor(
      settings.schedule,
      this.progress.step,
      this.batches.count,
      settings.epochs,
    );
    const losses = this.weighting.step(engine, rows, indices, rate);
    this.paths?.add(losses);
    return losses;
  }

  private async finishEpoch(): Promise<void> {
    const { progress, checkpoints } = this;
    this.weighting.endEpoch();
    this.paths?.showLeaders(this.job.engine);
    const rowsPerSecond = progress.stepSeconds > 0 ? this.order.length / progress.stepSeconds : null;
    progress.epoch++;
    progress.position = 0;
    progress.stepSeconds = 0;
    if (await this.report(rowsPerSecond)) checkpoints.keepBest();
    if (progress.done && !progress.losses.empty) this.reportLosses();
    if (progress.done || checkpoints.age >= epochInterval) {
      checkpoints.save();
      this.tellProgress(rowsPerSecond);
    }
    await this.buffers.check();
  }

  /** Writes the `epoch`, `routes` and `experts` events; true: it is the best epoch so far. */
  private async report(rowsPerSecond: number | null): Promise<boolean> {
    const { engine, data } = this.job;
    const { pace } = this;
    const { trainSample, inspection } = this.rows;
    const { epoch, step, best: bestEpoch } = this.progress;
    const train = trainSample.metrics(await predictions(engine, trainSample, data.tasks, pace, null), step);
    const { metrics, routes, experts } = await inspection.report(engine, pace, step);
    const validation = data.validation ? metrics : null;
    // The untrained network is looked at, but no candidate.
    const best = epoch > 0 && bestEpoch.add(epoch, validation);
    this.event({ type: 'epoch', epoch, train, validation, rowsPerSecond, best, ...this.lossWeights() });
    const whole =
      (best && validation !== null) ||
      this.progress.done ||
      epoch % Math.ceil(this.job.settings.epochs / distributionLimit) === 0;
    routes.forEach((groups, level) =>
      this.event({ type: 'routes', epoch, level, groups: whole ? groups : meansOnly(groups) }),
    );
    experts.forEach((health, level) => this.event({ type: 'experts', epoch, level, experts: health }));
    return best;
  }

  /** Returns the factors that the next epoch's first step will use, if the weighting changes them. */
  private lossWeights(): { lossWeights?: Record<string, number> } {
    const weights = this.weighting.weights();
    const { kind } = lossWeightingSettings(this.job.settings.lossWeighting);
    if (weights === null || kind === 'fixed') return {};
    return { lossWeights: Object.fromEntries(this.names.map((name, task) => [name, weights[task]!])) };
  }

  private reportLosses(): void {
    // Epochs done, in parts of one: where the step lies on the epochs' axis.
    const epoch = Number((this.progress.step / this.batches.count).toFixed(4));
    this.event({ type: 'step', epoch, losses: this.progress.losses.take(this.names) });
  }

  private tellProgress(rowsPerSecond: number | null): void {
    const { progress } = this;
    this.job.sink.progress({
      epoch: progress.epoch,
      seconds: progress.seconds(),
      rowsPerSecond,
      summary: progress.summary(null),
    });
  }

  private async finish(): Promise<TrainingOutcome> {
    const { epochs, stopEarly } = this.job.settings;
    const { best } = this.progress;
    const reason = best.exhausted
      ? `no better epoch in ${stopEarly.patience} after epoch ${best.epoch}`
      : `all ${epochs} epochs done`;
    return this.end('finished', reason, await this.testMetrics());
  }

  private stop(): TrainingOutcome {
    this.checkpoints.save();
    return this.end(
      'stopped',
      `stopped at step ${this.progress.step}, in epoch ${this.progress.epoch + 1}`,
      null,
    );
  }

  private end(status: 'finished' | 'stopped', reason: string, test: Metrics | null): TrainingOutcome {
    const { progress } = this;
    // Those in between come by the clock; the log is the same for the same seed.
    this.event({ type: 'checkpoint', epoch: progress.epoch, file: 'last.safetensors' });
    if (progress.best.epoch !== null)
      this.event({ type: 'checkpoint', epoch: progress.best.epoch, file: 'best.safetensors' });
    return {
      status,
      reason,
      reached: this.reached(),
      epochs: progress.epoch,
      seconds: progress.seconds(),
      summary: progress.summary(test),
    };
  }

  /** Tests the best epoch's weights, which the engine then keeps. Null without test rows. */
  private async testMetrics(): Promise<Metrics | null> {
    const { engine, data } = this.job;
    const { bestWeights } = this.checkpoints;
    if (bestWeights) engine.setWeights(bestWeights);
    const rows = this.rows.test();
    return (
      rows && rows.metrics(await predictions(engine, rows, data.tasks, this.pace, null), this.progress.step)
    );
  }

  /** Returns how far the training has come, as events say it. */
  reached(): Reached {
    return { time: Number(this.progress.seconds().toFixed(3)), step: this.progress.step };
  }

  private event(event: WithoutCommon<TrainingEvent>): void {
    this.job.sink.event({ ...event, ...this.reached() });
  }
}
