import type { RunWriter } from '../../run/writer.js';
import { exitCodes } from '../../shared/exit-codes.js';
import type { Problem } from '../../shared/messages/reports.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import type { Output } from '../terminal/terminal.js';
import { StopSignals } from '../training/stop-signals.js';
import { TakenRun } from '../training/taken-run.js';
import type { TrainerPool } from '../trainers/pool.js';
import type { ComparisonPlan } from './comparison-plan.js';
import { concludeComparison } from './report.js';
import { TrainAll, type EndedRun } from './train-all.js';
import type { TimeEstimate } from './time/estimate.js';
import { ComparisonView } from './view.js';

export interface RunsToTrain {
  readonly pool: TrainerPool;
  /** How long they take; null: not known. */
  readonly time: TimeEstimate | null;
  readonly comparison: NonNullable<RunManifest['comparison']>;
  /** Queues or takes the runs. */
  readonly queue: () => Promise<readonly RunWriter[]>;
  /** Returns the ids of all runs of the comparison in their order, given those that are trained now. */
  readonly ids: (queued: readonly string[]) => readonly string[];
  /** Runs that had ended before, and stay as they are. */
  readonly before: readonly EndedRun[];
  readonly json: { readonly warnings: readonly Problem[] } | null;
}

/** Trains the runs of a comparison, and hears the signals to this program from its start. */
export class ComparisonTraining {
  readonly taken = new TakenRun();
  private readonly stop: StopSignals;
  private view: { line(text?: string): void };
  private all: TrainAll | null = null;

  constructor(private readonly output: Output) {
    this.view = output;
    this.stop = new StopSignals(
      this.taken,
      () => {
        this.view.line('stopping after a checkpoint; once more to stop at once');
        this.all?.stop();
      },
      () => this.all?.kill(),
    );
  }

  /** Returns the exit code. */
  async run(plan: ComparisonPlan, runs: RunsToTrain): Promise<number> {
    const { pool, time, comparison, queue, ids, before, json } = runs;
    this.taken.begin();
    const queued = await queue();
    const each = plan.wanted.flatMap(({ variant }, index): [string, number][] => {
      const [name, seconds] = [queued[index]?.manifest.name, time?.each.get(variant)];
      return name === undefined || seconds === undefined ? [] : [[name, seconds]];
    });
    const progress = new ComparisonView(this.output, before.length + queued.length, {
      seconds: time?.seconds ?? null,
      each: new Map(each),
    });
    progress.already(before.length, before.filter(({ state }) => state === 'failed').length);
    this.view = progress;
    this.all = new TrainAll(queued, progress, pool);
    if (this.stop.requested) this.all.stop();
    plan.verification?.ended().catch(() => this.all?.stop());
    const ended = [...before, ...(await this.all.run())];
    // Nothing is concluded from rows that are not what they were.
    if (!this.stop.requested) await plan.verification?.ended();
    concludeComparison(progress, { comparison, ids: ids(queued.map(({ id }) => id)), ended, json });
    if (this.stop.requested) return exitCodes.stopped;
    return ended.some(({ state }) => state === 'failed') ? exitCodes.failed : exitCodes.done;
  }
}
