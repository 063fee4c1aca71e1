import { DivergedError } from '../engine/engine.js';
import { lossWeightingSettings } from '../experiment/schema/loss-weighting.js';
import { BufferWatch } from '../memory/buffer-watch.js';
import type { Metrics } from '../shared/run/run-manifest.js';
import type { EventOf } from '../shared/run/run-events.js';
import { batchesOf, type Batches } from './batches.js';
import { Checkpoints } from './checkpoint/checkpoints.js';
import { DivergedTraining } from './diverged.js';
import type { InspectionReport } from './inspection.js';
import { predictions } from './scores/evaluate.js';
import type { PartScores } from './scores/scored-part.js';
import type { TrainWindow } from './rows/train-rows.js';
import type { Reached, Train, TrainingEvent, TrainingJob, TrainingOutcome } from './job.js';
import { Member } from './member.js';
import { Pace } from './pace.js';
import { PreparedRows } from './prepared-rows.js';
import { Progress } from './progress.js';
import { learningRateFactor } from './schedule.js';

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
/**
 * The steps that one of several members takes before the next has its turn, at the most. By turns of one step,
 * four members took 1.1 times the time of four runs on one thread and 1.5 times on two, as their threads wait
 * for each other; by 16 steps 1.05 and 1.1 times (Census-income and a table of 2,900 rows, batches of 256).
 */
const turnSteps = 16;

/** Returns the means over all rows, without the distributions: the gates' drift is drawn from them. */
const meansOnly = (groups: EventOf<'routes'>['groups']): EventOf<'routes'>['groups'] =>
  groups
    .slice(0, 1)
    .map((group) => ({ ...group, streams: group.streams.map(({ mean, sd }) => ({ mean, sd })) }));

type WithoutCommon<T> = T extends unknown ? Omit<T, 'seq' | 'time' | 'step'> : never;

export const train: Train = async (job) => {
  const rows = await PreparedRows.open(job);
  const training = new Training(job, rows);
  try {
    return await training.run();
  } catch (error) {
    throw error instanceof DivergedError
      ? new DivergedTraining(error, job.settings, training.reached())
      : error;
  } finally {
    await training.ended();
    await rows.release();
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
  private readonly members: readonly Member[];
  private readonly buffers: BufferWatch;

  constructor(
    private readonly job: TrainingJob,
    private readonly rows: PreparedRows,
  ) {
    const { data, settings, clock, sink } = job;
    this.names = data.tasks.map((task) => task.name);
    this.batches = batchesOf(data.train.rows, settings.batchSize, job.description);
    this.stepsPerEvent = Math.max(1, Math.ceil((settings.epochs * this.batches.count) / stepEventLimit));
    this.pace = new Pace(clock, () => sink.beat());
    this.progress = new Progress(job);
    this.members = job.members.engines.map((engine, number) => new Member(job, engine, rows.train, number));
    const learners = this.members.flatMap((member) => member.learners());
    this.checkpoints = new Checkpoints(job, this.progress, Object.fromEntries(learners));
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
      this.saveBeside();
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
    const { clock, sink, data } = this.job;
    const { progress } = this;
    const { rows } = data.train;
    let window = await this.enterWindow();
    if (sink.stopRequested()) return false;
    let since = clock();
    while (progress.position < rows) {
      if (progress.position >= window.end) window = await this.enterWindow();
      this.takeTurns(window.end);
      const now = clock();
      if (!this.pace.beat(now)) continue;
      progress.stepSeconds += now - since;
      await this.pace.rest();
      if (progress.position < rows) {
        if (sink.stopRequested()) return false;
        if (this.checkpoints.age >= checkpointInterval) this.saveBeside();
      }
      since = clock();
    }
    progress.stepSeconds += clock() - since;
    return true;
  }

  /** Goes to the window of the next row. */
  private async enterWindow(): Promise<TrainWindow> {
    const { epoch, position } = this.progress;
    const window = await this.rows.train.enter(epoch + 1, position);
    for (const member of this.members) member.begin(epoch + 1, window);
    return window;
  }

  /**
   * Lets every member take the same steps: one if there is a single member, else as many as the first takes in
   * its turn, at most up to `last`. Where turns end makes no difference to what is learned and written.
   */
  private takeTurns(last: number): void {
    const { progress, batches, pace, stepsPerEvent } = this;
    const { clock, sink } = this.job;
    const [first, ...others] = this.members;
    const ends: number[] = [];
    /** By step and member. */
    const losses: Float64Array[][] = [];
    let end = progress.position;
    do {
      const begin = end;
      end = batches.end(begin);
      losses.push([this.step(first!, begin, end, ends.length)]);
      ends.push(end);
    } while (others.length > 0 && ends.length < turnSteps && end < last && !pace.beat(clock()));
    for (const member of others) {
      ends.forEach((to, i) => {
        losses[i]!.push(this.step(member, ends[i - 1] ?? progress.position, to, i));
        sink.beat();
      });
    }
    ends.forEach((to, i) => {
      for (const each of losses[i]!) progress.losses.add(each);
      progress.position = to;
      progress.step++;
      if (progress.step % stepsPerEvent === 0) this.reportLosses();
    });
  }

  /** Lets a member take the step that comes `ahead` steps later. Returns the tasks' losses before it. */
  private step(member: Member, position: number, end: number, ahead: number): Float64Array {
    const { schedule, epochs } = this.job.settings;
    const rate = learningRateFactor(schedule, this.progress.step + ahead, this.batches.count, epochs);
    return member.step(position, end, rate);
  }

  private async finishEpoch(): Promise<void> {
    const { progress, checkpoints } = this;
    for (const member of this.members) member.endEpoch();
    const { rows } = this.job.data.train;
    const rowsPerSecond = progress.stepSeconds > 0 ? rows / progress.stepSeconds : null;
    progress.epoch++;
    progress.position = 0;
    progress.stepSeconds = 0;
    const improved = await this.report(rowsPerSecond);
    if (improved.size > 0) checkpoints.keepBest(improved);
    if (progress.done && !progress.losses.empty) this.reportLosses();
    const isDue = progress.done || checkpoints.age >= epochInterval;
    if (progress.done) await this.save();
    else if (isDue) this.saveBeside();
    if (isDue) this.tellProgress(rowsPerSecond);
    await this.buffers.check();
  }

  /**
   * Writes the `epoch`, `routes` and `experts` events. Returns the tasks for which it is the best epoch so far.
   */
  private async report(rowsPerSecond: number | null): Promise<ReadonlySet<string>> {
    const { members, data } = this.job;
    const { pace } = this;
    const { trainSample } = this.rows;
    const { epoch, step, best: bestEpoch } = this.progress;
    const train = trainSample.metrics(await predictions(members, trainSample, data.tasks, pace), step);
    const { metrics, routes, experts } = await this.inspect();
    const validation = data.validation ? metrics : null;
    // The untrained network is looked at, but no candidate.
    const improved = epoch > 0 ? bestEpoch.add(epoch, validation) : new Set<string>();
    const best = improved.size > 0;
    const bestTasks = best && improved.size < this.names.length ? { bestTasks: [...improved] } : {};
    const weights = this.lossWeights();
    this.event({ type: 'epoch', epoch, train, validation, rowsPerSecond, best, ...bestTasks, ...weights });
    const whole =
      (best && validation !== null) ||
      this.progress.done ||
      epoch % Math.ceil(this.job.settings.epochs / distributionLimit) === 0;
    routes.forEach((groups, level) =>
      this.event({ type: 'routes', epoch, level, groups: whole ? groups : meansOnly(groups) }),
    );
    experts.forEach((health, level) => this.event({ type: 'experts', epoch, level, experts: health }));
    return improved;
  }

  private async inspect(): Promise<InspectionReport> {
    const { members, metricsOnly = false } = this.job;
    const { inspection } = this.rows;
    const { step } = this.progress;
    if (!metricsOnly) return inspection.report(members, this.pace, step);
    const { together } = await inspection.whole.score(members, this.pace, step);
    return { metrics: together, routes: [], experts: [] };
  }

  private async save(): Promise<void> {
    if (this.job.metricsOnly !== true) await this.checkpoints.save();
  }

  private saveBeside(): void {
    if (this.job.metricsOnly !== true) this.checkpoints.saveBeside();
  }

  /** Waits for a checkpoint that is being written. */
  ended(): Promise<void> {
    return this.checkpoints.ended();
  }

  /**
   * Returns the factors that the next epoch's first step will use, if the weighting changes them: the mean of
   * those of the members.
   */
  private lossWeights(): { lossWeights?: Record<string, number> } {
    const { kind } = lossWeightingSettings(this.job.settings.lossWeighting);
    const weights = this.members.map(({ weighting }) => weighting.weights()).filter((each) => each !== null);
    if (weights.length === 0 || kind === 'fixed') return {};
    const mean = (task: number) => weights.reduce((sum, each) => sum + each[task]!, 0) / weights.length;
    return { lossWeights: Object.fromEntries(this.names.map((name, task) => [name, mean(task)])) };
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
    return this.end('finished', reason, await this.tested());
  }

  private async stop(): Promise<TrainingOutcome> {
    await this.save();
    return this.end('stopped', `stopped at step ${this.progress.step}, in epoch ${this.progress.epoch + 1}`, {
      test: null,
      members: [],
    });
  }

  private end(
    status: 'finished' | 'stopped',
    reason: string,
    { test, members }: { readonly test: Metrics | null; readonly members: Metrics[] },
  ): TrainingOutcome {
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
      summary: progress.summary(test, members),
    };
  }

  /**
   * Tests the best epoch's weights, which the engines then keep: all members together and, if there are several,
   * each alone. Null without test rows.
   */
  private async tested(): Promise<{ test: Metrics | null; members: Metrics[] }> {
    const { members } = this.job;
    const { bestWeights } = this.checkpoints;
    if (bestWeights) members.setWeights(bestWeights);
    const part = await this.rows.test();
    if (part === null) return { test: null, members: [] };
    const { together, alone }: PartScores = await part.score(members, this.pace, this.progress.step);
    return { test: together, members: alone };
  }

  /** Returns how far the training has come, as events say it. */
  reached(): Reached {
    return { time: Number(this.progress.seconds().toFixed(3)), step: this.progress.step };
  }

  private event(event: WithoutCommon<TrainingEvent>): void {
    this.job.sink.event({ ...event, ...this.reached() });
  }
}
