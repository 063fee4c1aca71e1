import { Trainer, type TrainerOptions } from './trainer.js';

/** A place of a pool in which one training goes on after the other. */
export interface Lane<One = Trainer> {
  /** Returns its trainer: another one where the last is gone. */
  trainer(): One;
}

/** What a pool knows of its trainers. */
type Pooled = Pick<Trainer, 'isGone' | 'stop' | 'kill'>;

/**
 * Trainers that train what waits, as many at once as there are lanes. A lane has one trainer, which is started when it
 * is needed and replaced when it has died.
 */
export class TrainerPool<One extends Pooled = Trainer> {
  private readonly lanes: PoolLane<One>[];
  private over = false;

  constructor(
    lanes: number,
    private readonly start: () => One,
  ) {
    this.lanes = Array.from({ length: lanes }, () => new PoolLane(() => this.start()));
  }

  /** Whether it was stopped or killed: it begins nothing more. */
  get isOver(): boolean {
    return this.over;
  }

  /** Returns the trainers of all lanes, and starts those that there are not yet. */
  trainers(): readonly One[] {
    return this.lanes.map((lane) => lane.trainer());
  }

  /**
   * Takes what waits from the front of the list, which others may shorten meanwhile, and hands it to `work`, once for
   * each lane that is free, until there is nothing left or the pool is over. With `isLast` a lane that finds nothing
   * left ends its trainer, and makes room for the others. Where `work` fails, the others are stopped, and the first
   * failure is thrown when they have come to their end. `next` takes another one than the first off the list, for the
   * lane of this number.
   */
  async train<Job>(
    waiting: Job[],
    work: (job: Job, lane: Lane<One>) => Promise<void>,
    {
      isLast,
      next = () => waiting.shift(),
    }: { readonly isLast: boolean; readonly next?: (lane: number) => Job | undefined },
  ): Promise<void> {
    const failures: unknown[] = [];
    const lanes = this.lanes.map(async (lane, number) => {
      try {
        while (!this.over) {
          const job = next(number);
          if (job === undefined) break;
          await work(job, lane);
        }
      } catch (error) {
        failures.push(error);
        this.stop();
      }
      if (isLast) lane.started?.stop();
    });
    await Promise.all(lanes);
    if (failures.length > 0) throw failures[0];
  }

  /** Lets each trainer end: after a checkpoint if it trains a run, and else at once. */
  stop(): void {
    this.over = true;
    for (const { started } of this.lanes) started?.stop();
  }

  kill(): void {
    this.over = true;
    for (const { started } of this.lanes) started?.kill();
  }
}

class PoolLane<One extends Pooled> implements Lane<One> {
  /** Null: none was needed yet. */
  started: One | null = null;

  constructor(private readonly start: () => One) {}

  trainer(): One {
    if (this.started === null || this.started.isGone) this.started = this.start();
    return this.started;
  }
}

export interface PoolOptions extends TrainerOptions {
  /** How many train at once. */
  readonly lanes: number;
}

/** Makes a pool of trainers; those that have nothing to do when the work is over end then. */
export async function withTrainers<T>(
  { lanes, ...options }: PoolOptions,
  work: (pool: TrainerPool) => Promise<T>,
): Promise<T> {
  const pool = new TrainerPool(lanes, () => new Trainer(options));
  try {
    return await work(pool);
  } finally {
    pool.stop();
  }
}
