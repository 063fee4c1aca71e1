import type { Experiment } from '../experiment/schema.js';
import { independentTasks } from '../network/users.js';
import type { Metrics } from '../shared/run/run-manifest.js';
import { BestEpoch } from './scores/best-epoch.js';
import type { SavedProgress } from './checkpoint/checkpoint.js';
import type { TrainingJob, TrainingSummary } from './job.js';
import { LossWindow } from './loss-window.js';
import { epochScore, epochScoresApart } from './optimizer-settings.js';

/**
 * The progress of a training: all that a resume must know besides weights and optimiser; all else follows
 * from the job.
 */
export class Progress {
  /** Epochs done. */
  epoch = 0;
  /** Rows done of the next one. */
  position = 0;
  step = 0;
  /** Spent in steps of the next epoch. */
  stepSeconds = 0;
  readonly losses: LossWindow;
  readonly best: BestEpoch;
  private secondsBefore = 0;
  private readonly began: number;

  private readonly settings: Experiment['training'];
  private readonly clock: () => number;

  constructor({ settings, data: { tasks }, description, clock }: TrainingJob) {
    this.settings = settings;
    this.clock = clock;
    this.losses = new LossWindow(tasks.length);
    const score = epochScore(settings, tasks);
    this.best = new BestEpoch(score, epochScoresApart(score, independentTasks(description)));
    this.began = clock();
  }

  get done(): boolean {
    return this.epoch >= this.settings.epochs || this.best.exhausted;
  }

  /** True if the weights are now those of the best epoch's end, of all tasks. */
  get atBest(): boolean {
    return this.position === 0 && this.best.isWholly(this.epoch);
  }

  /** Returns the seconds of training, over all resumes. */
  seconds(): number {
    return this.secondsBefore + this.clock() - this.began;
  }

  /** `members`: the test metrics of each; empty: there is one, or nothing to test. */
  summary(test: Metrics | null, members: Metrics[] = []): TrainingSummary {
    const { epoch, bestEpochs, keptEpochs, validation } = this.best;
    return {
      ...{ bestEpoch: epoch, bestEpochs, validation, test },
      ...(keptEpochs !== null && { keptEpochs }),
      ...(members.length > 0 && { members }),
    };
  }

  save(): Omit<SavedProgress, 'learners'> {
    const { epoch, position, step, stepSeconds, losses } = this;
    const sums = { sums: [...losses.sums], counts: [...losses.counts] };
    return {
      epoch,
      position,
      step,
      seconds: this.seconds(),
      stepSeconds,
      losses: sums,
      best: this.best.save(),
    };
  }

  restore(saved: SavedProgress): void {
    this.epoch = saved.epoch;
    this.position = saved.position;
    this.step = saved.step;
    this.stepSeconds = saved.stepSeconds;
    this.secondsBefore = saved.seconds;
    this.losses.sums.set(saved.losses.sums);
    this.losses.counts.set(saved.losses.counts);
    this.best.restore(saved.best);
  }
}
