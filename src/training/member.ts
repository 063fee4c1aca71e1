import type { Engine, LoadedRows } from '../engine/engine.js';
import { memberPrefix } from '../engine/members.js';
import { memberSeed } from '../network/draws/draws.js';
import { pathPlaces } from '../network/path-places.js';
import type { Learner } from './checkpoint/checkpoints.js';
import type { TrainingJob } from './job.js';
import { fillEpochOrder, fillWindowOrder } from './order.js';
import { PathTournament } from './path-tournament.js';
import type { TrainRows, TrainWindow } from './rows/train-rows.js';
import { createWeighting } from './weighting/create-weighting.js';
import type { LossWeighting } from './weighting/weighting.js';

/**
 * A member of a training: an engine, the order of its rows, and what learns beside the network. It does what a
 * run of its own with its seed would do, to the bit: clipping, loss weighting, penalties and paths are its own.
 */
export class Member {
  readonly weighting: LossWeighting;
  private readonly seed: number;
  private readonly room: Uint32Array;
  /** The order of the rows of the window. */
  private order: Uint32Array = new Uint32Array(0);
  private rows: LoadedRows | null = null;
  /** The position of the window's first row. */
  private start = 0;
  /** Null: the network has no paths. */
  private readonly paths: PathTournament | null;

  constructor(
    { settings, description, paths }: TrainingJob,
    private readonly engine: Engine,
    { most }: Pick<TrainRows, 'most'>,
    private readonly number: number,
  ) {
    this.seed = memberSeed(settings.seed, number);
    this.room = new Uint32Array(most);
    this.weighting = createWeighting({ ...settings, seed: this.seed }, description);
    const hasPaths = pathPlaces(description).length > 0;
    this.paths = hasPaths ? new PathTournament(description, paths, this.seed) : null;
  }

  /** What learns beside the network, by the name under which a checkpoint keeps it. */
  learners(): [string, Learner][] {
    const prefix = memberPrefix(this.number);
    const own: [string, Learner][] = [[`${prefix}weighting`, this.weighting]];
    return this.paths === null ? own : [...own, [`${prefix}paths`, this.paths]];
  }

  /** Goes to the rows of a window of an epoch. */
  begin(epoch: number, { number, start, end, rows }: TrainWindow): void {
    this.order = this.room.subarray(0, end - start);
    if (number === null) fillEpochOrder(this.order, this.seed, epoch);
    else fillWindowOrder(this.order, this.seed, epoch, number);
    this.rows = rows.of[this.number]!;
    this.start = start;
  }

  /**
   * Takes one step on the rows at [position, end) of the epoch's order, which are in the window. Returns the tasks'
   * losses before it.
   */
  step(position: number, end: number, rate: number): Float64Array {
    if (this.rows === null) throw new Error('no window of rows has begun');
    this.paths?.prepare(this.engine);
    const order = this.order.subarray(position - this.start, end - this.start);
    const losses = this.weighting.step(this.engine, this.rows, order, rate);
    this.paths?.add(losses);
    return losses;
  }

  endEpoch(): void {
    this.weighting.endEpoch();
    this.paths?.showLeaders(this.engine);
  }
}
