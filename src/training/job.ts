import type { PreparedData } from '../data/prepared.js';
import type { Members } from '../engine/members.js';
import type { Experiment } from '../experiment/schema.js';
import type { NetworkDescription } from '../network/description.js';
import type { Metrics } from '../shared/run/run-manifest.js';
import type { RunEvent, WithoutSeq } from '../shared/run/run-events.js';

/** An event of a training. Its end is written by the program that has called for the training. */
export type TrainingEvent = Exclude<RunEvent, { type: 'end' }>;

/** The time and the step that a training has reached, as events say them. */
export type Reached = Pick<RunEvent, 'time' | 'step'>;

/** Receives what a training reports: the trainer program wires it to the run folder, tests to an array. */
export interface RunSink {
  /** The sink numbers the events. */
  event(event: WithoutSeq<TrainingEvent>): void;
  /**
   * Writes checkpoints/<name> as a whole (temporary file, sync, rename). Names: `last.safetensors`,
   * `best.safetensors`.
   */
  checkpoint(name: string, bytes: Uint8Array): void;
  /** Does the same while training goes on, one after the other; absent: it cannot. */
  readonly checkpointBeside?: (name: string, bytes: Uint8Array) => Promise<void>;
  /** Called by the loop at least once a step or evaluation chunk; cheap to call. */
  beat(): void;
  /**
   * Called between epochs, at most about once a second, with what the manifest should now say; after a resume
   * at once.
   */
  progress(state: {
    epoch: number;
    seconds: number;
    rowsPerSecond: number | null;
    summary: TrainingSummary;
  }): void;
  /** Asked between steps; true: write a checkpoint and return `stopped`. */
  stopRequested(): boolean;
}

export interface TrainingSummary {
  readonly bestEpoch: number | null;
  readonly bestEpochs: Record<string, number>;
  /** By task, the epoch whose weights are kept; absent where one epoch serves all. */
  readonly keptEpochs?: Record<string, number>;
  readonly validation: Metrics;
  readonly test: Metrics | null;
  /** The test metrics of each member alone; absent where there is one. */
  readonly members?: Metrics[];
}

export interface TrainingJob {
  readonly data: PreparedData;
  readonly description: NetworkDescription;
  /**
   * Built with the starting weights of their seeds; a resume overwrites them from the checkpoint. Finished, they
   * hold the best epoch's weights.
   */
  readonly members: Members;
  readonly settings: Experiment['training'];
  /** Only networks with paths use them. */
  readonly paths: Experiment['model']['paths'];
  readonly sink: RunSink;
  /**
   * Only metrics are taken, and the weights are those of any other training: no routes, no experts, no checkpoints.
   * Default: no.
   */
  readonly metricsOnly?: boolean;
  /** Bytes of `last.safetensors` of the run to go on with, or null to start; and of `best.safetensors`. */
  readonly resume: { readonly last: Uint8Array; readonly best: Uint8Array | null } | null;
  /** Monotonic seconds. */
  readonly clock: () => number;
}

export interface TrainingOutcome {
  readonly status: 'finished' | 'stopped';
  /** Why it ended, for people. */
  readonly reason: string;
  readonly reached: Reached;
  readonly epochs: number;
  readonly seconds: number;
  readonly summary: TrainingSummary;
}

/**
 * Trains until all epochs are done or it is stopped. Rejects with DivergedTraining when a loss is not finite.
 */
export type Train = (job: TrainingJob) => Promise<TrainingOutcome>;
