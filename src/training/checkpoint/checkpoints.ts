import { ownName } from '../../engine/members.js';
import type { NamedArrays } from '../../network/parameters.js';
import { parameterUsers } from '../../network/users.js';
import { InputError } from '../../shared/errors.js';
import {
  decodeCheckpoint,
  decodeWeights,
  encodeCheckpoint,
  encodeWeights,
  hashDescription,
  type Checkpoint,
  type CheckpointOrigin,
  type SavedProgress,
} from './checkpoint.js';
import type { TrainingJob } from '../job.js';
import type { Progress } from '../progress.js';

/** The parts of a training that learn beside the network. */
export interface Learner {
  state(): number[];
  restore(state: readonly number[]): void;
}

/** The checkpoints of one training: when they were written, and which weights are the best. */
export class Checkpoints {
  bestWeights: NamedArrays | null = null;
  private bestSaved = true;
  private savedAt: number;
  private readonly users: ReturnType<typeof parameterUsers>;
  private readonly origin: CheckpointOrigin;

  constructor(
    private readonly job: TrainingJob,
    private readonly progress: Progress,
    private readonly learners: Readonly<Record<string, Learner>>,
  ) {
    const { settings, data, description, members, clock } = job;
    const { seed, batchSize, optimizer, tables } = settings;
    this.origin = {
      network: hashDescription(description, members.count),
      data: data.fingerprint,
      seed,
      batchSize,
      optimizer,
      ...(tables !== 'dense' && { tables }),
    };
    this.savedAt = clock();
    this.users = parameterUsers(description);
  }

  /** Seconds since the last was written. */
  get age(): number {
    return this.job.clock() - this.savedAt;
  }

  /** The weights are the best so far for these tasks; they are written with the next checkpoint. */
  keepBest(tasks: ReadonlySet<string>): void {
    const weights = this.job.members.weights();
    for (const [name, before] of this.bestWeights ?? [])
      if (this.isOfOthers(name, tasks)) weights.set(name, before);
    this.bestWeights = weights;
    this.bestSaved = false;
  }

  /**
   * Last before best: what a kill between the two leaves is whole, as the last holds a best that is not yet
   * written.
   */
  save(): void {
    const { members, sink, clock } = this.job;
    const best = this.bestSaved || this.progress.atBest ? null : this.bestWeights;
    const checkpoint = {
      weights: members.weights(),
      optimizer: members.optimizerState(),
      progress: this.saveProgress(),
      best,
    };
    sink.checkpoint('last.safetensors', encodeCheckpoint(checkpoint, this.origin));
    if (!this.bestSaved) this.saveBest();
    this.savedAt = clock();
  }

  /** Sets members and progress as they were at the last checkpoint. */
  restore({ last, best }: NonNullable<TrainingJob['resume']>): void {
    const { members } = this.job;
    const checkpoint = decodeCheckpoint(last, this.origin);
    members.setWeights(checkpoint.weights);
    members.setOptimizerState(checkpoint.optimizer);
    this.progress.restore(checkpoint.progress);
    for (const [name, learner] of Object.entries(this.learners)) {
      const state = checkpoint.progress.learners[name];
      if (state !== undefined && state.length > 0) learner.restore(state);
    }
    this.restoreBest(checkpoint, best);
  }

  /** Returns whether an array of some member is used by other tasks than these alone. */
  private isOfOthers(name: string, tasks: ReadonlySet<string>): boolean {
    const users = this.users.get(ownName(name)) ?? [];
    return users.length > 0 && users.every((task) => !tasks.has(this.job.data.tasks[task]!.name));
  }

  private saveProgress(): SavedProgress {
    const states = Object.entries(this.learners).map(([name, learner]) => [name, learner.state()] as const);
    return {
      ...this.progress.save(),
      learners: Object.fromEntries(states.filter(([, state]) => state.length > 0)),
    };
  }

  private restoreBest(checkpoint: Checkpoint, file: Uint8Array | null): void {
    const { epoch } = this.progress.best;
    if (epoch === null) return;
    this.bestWeights = checkpoint.best ?? (this.progress.atBest ? checkpoint.weights : null);
    if (this.bestWeights) {
      // The run may have been killed before these weights became best.safetensors.
      this.saveBest();
      return;
    }
    const found = file && decodeWeights(file, this.job.description, this.job.members.count);
    if (found?.epoch !== epoch) {
      throw new InputError(
        'checkpoint.no-best',
        `best.safetensors does not hold the weights of epoch ${epoch}; start a new run`,
      );
    }
    this.bestWeights = found.weights;
  }

  private saveBest(): void {
    const { epoch } = this.progress.best;
    if (!this.bestWeights || epoch === null) return;
    this.job.sink.checkpoint(
      'best.safetensors',
      encodeWeights(this.bestWeights, { network: this.origin.network, epoch }),
    );
    this.bestSaved = true;
  }
}
