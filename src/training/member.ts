import type { Engine, LoadedRows } from '../engine/engine.js';
import { memberPrefix } from '../engine/members.js';
import { memberSeed } from '../network/draws.js';
import { pathPlaces } from '../network/path-places.js';
import type { Learner } from './checkpoint/checkpoints.js';
import type { TrainingJob } from './job.js';
import { fillEpochOrder } from './order.js';
import { PathTournament } from './path-tournament.js';
import { createWeighting } from './weighting/create-weighting.js';
import type { LossWeighting } from './weighting/weighting.js';

/**
 * A member of a training: an engine, the order of its rows, and what learns beside the network. It does what a
 * run of its own with its seed would do, to the bit: clipping, loss weighting, penalties and paths are its own.
 */
export class Member {
  readonly weighting: LossWeighting;
  private readonly seed: number;
  private readonly order: Uint32Array;
  /** Null: the network has no paths. */
  private readonly paths: PathTournament | null;

  constructor(
    { data, settings, description, paths }: TrainingJob,
    private readonly engine: Engine,
    private readonly rows: LoadedRows,
    private readonly number: number,
  ) {
    this.seed = memberSeed(settings.seed, number);
    this.order = new Uint32Array(data.train.rows);
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

  beginEpoch(epoch: number): void {
    fillEpochOrder(this.order, this.seed, epoch);
  }

  /**
   * Takes one step on the rows at [position, end) of the epoch's order. Returns the tasks' losses before it.
   */
  step(position: number, end: number, rate: number): Float64Array {
    this.paths?.prepare(this.engine);
    const losses = this.weighting.step(this.engine, this.rows, this.order.subarray(position, end), rate);
    this.paths?.add(losses);
    return losses;
  }

  endEpoch(): void {
    this.weighting.endEpoch();
    this.paths?.showLeaders(this.engine);
  }
}
