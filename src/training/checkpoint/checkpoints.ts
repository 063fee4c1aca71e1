import { ownName } from '../../engine/members.js';
import type { NamedArrays } from '../../network/parameters.js';
import { parameterUsers } from '../../network/users.js';
import { InputError } from '../../shared/errors.js';
import {
  decodeCheckpoint,
  decodeWeights,
  hashDescription,
  unsealedCheckpoint,
  unsealedWeights,
  type Checkpoint,
  type CheckpointOrigin,
  type SavedProgress,
} from './checkpoint.js';
import type { TrainingJob } from '../job.js';
import { seal, sealBeside } from './checksum.js';
import type { Progress } from '../progress.js';

/** The parts of a training that learn beside the network. */
export interface Learner {
  state(): number[];
  restore(state: readonly number[]): void;
}

const lastFile = 'last.safetensors';
const bestFile = 'best.safetensors';

/** A checkpoint of more bytes is written while training goes on. */
const largeBytes = 8e6;

/** A checkpoint as it was at one step, to be written. */
interface Snapshot {
  readonly last: Uint8Array;
  /** The best weights, where they are not written yet, and the arrays that they are. */
  readonly best: { readonly bytes: Uint8Array; readonly weights: NamedArrays } | null;
}

/** The checkpoints of one training: when they were written, and which weights are the best. */
export class Checkpoints {
  bestWeights: NamedArrays | null = null;
  private bestSaved = true;
  private savedAt: number;
  /** What is written just now; null: nothing. It never rejects. */
  private writing: Promise<void> | null = null;
  /** Why writing has failed. */
  private failure: Error | null = null;
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

  /** Writes a checkpoint, and resolves when it is on the disk. */
  async save(): Promise<void> {
    await this.settled();
    this.begin();
    await this.settled();
  }

  /**
   * Begins to write a checkpoint while training goes on; a small one is written at once. While one is being written
   * no other begins. Throws what has gone wrong with the one before.
   */
  saveBeside(): void {
    this.throwFailure();
    if (this.writing === null) this.begin();
  }

  /** Waits for what is being written. Throws what has gone wrong. */
  async settled(): Promise<void> {
    await this.writing;
    this.throwFailure();
  }

  /** Waits for what is being written, whatever becomes of it. */
  async ended(): Promise<void> {
    await this.writing;
  }

  private throwFailure(): void {
    const { failure } = this;
    this.failure = null;
    if (failure !== null) throw failure;
  }

  private begin(): void {
    const snapshot = this.snapshot();
    const { checkpointBeside } = this.job.sink;
    if (checkpointBeside === undefined || snapshot.last.length < largeBytes) this.write(snapshot);
    else
      this.writing = this.writeBeside(snapshot, checkpointBeside).then(
        () => void (this.writing = null),
        (error: unknown) => {
          this.writing = null;
          this.failure = error instanceof Error ? error : new Error(String(error));
        },
      );
    this.savedAt = this.job.clock();
  }

  private snapshot(): Snapshot {
    const { members } = this.job;
    const best = this.bestSaved || this.progress.atBest ? null : this.bestWeights;
    const optimizer = members.optimizerState();
    const progress = this.saveProgress();
    const stepsBefore = optimizer.step - progress.step;
    const checkpoint = {
      weights: members.weights(),
      optimizer,
      progress: { ...progress, ...(stepsBefore > 0 && { stepsBefore }) },
      best,
    };
    return { last: unsealedCheckpoint(checkpoint, this.origin), best: this.bestSnapshot() };
  }

  private bestSnapshot(): Snapshot['best'] {
    const { epoch } = this.progress.best;
    const weights = this.bestWeights;
    if (this.bestSaved || !weights || epoch === null) return null;
    return { bytes: unsealedWeights(weights, { network: this.origin.network, epoch }), weights };
  }

  /**
   * Last before best: what a kill between the two leaves is whole, as the last holds a best that is not yet
   * written.
   */
  private write({ last, best }: Snapshot): void {
    const { sink } = this.job;
    sink.checkpoint(lastFile, seal(last));
    if (best === null) return;
    sink.checkpoint(bestFile, seal(best.bytes));
    this.bestSaved = true;
  }

  private async writeBeside(
    { last, best }: Snapshot,
    write: NonNullable<TrainingJob['sink']['checkpointBeside']>,
  ): Promise<void> {
    await write(lastFile, await sealBeside(last));
    if (best === null) return;
    await write(bestFile, await sealBeside(best.bytes));
    // Others may have become the best meanwhile.
    if (best.weights === this.bestWeights) this.bestSaved = true;
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
      this.bestSaved = false;
      const best = this.bestSnapshot();
      if (best !== null) this.job.sink.checkpoint(bestFile, seal(best.bytes));
      this.bestSaved = true;
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
}
