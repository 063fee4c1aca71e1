import { stepKey } from '../../network/draws/draws.js';

/** Parameters by name, row-major. */
export type DoubleArrays = ReadonlyMap<string, Float64Array>;

/** Says which step's dropout and noise a training pass has. */
export interface StepOfTraining {
  readonly seed: number;
  /** Optimiser steps done before it. */
  readonly step: number;
}

/** A forward pass holds what it computes with, and what it finds besides the network's outputs. */
export class ForwardPass {
  /** See ReferenceResult. */
  kinkDistance = Infinity;
  /** Balance, load and entropy losses. */
  additions = 0;
  /** Running statistics after the pass, by parameter name. */
  readonly running = new Map<string, Float64Array>();
  /** The key of the step's draws; null: the network is evaluated, without dropout and noise. */
  readonly key: number | null;
  private levelsStretch = 1;
  private levelStretch = 1;

  constructor(
    readonly weights: DoubleArrays,
    step: StepOfTraining | null,
  ) {
    this.key = step === null ? null : stepKey(step.seed, step.step);
  }

  /** Notes how far a value is from a kink of the function that is computed. */
  near(distance: number): void {
    this.kinkDistance = Math.min(this.kinkDistance, Math.abs(distance));
  }

  /** Notes by how much the normalisations of an MLP of this level, one upon another, multiply differences. */
  stretchLevel(stretch: number): void {
    this.levelStretch = Math.max(this.levelStretch, stretch);
  }

  endLevel(): void {
    this.levelsStretch *= this.levelStretch;
    this.levelStretch = 1;
  }

  /** Returns the product over levels and towers of the largest stretch among their MLPs. */
  stretch(): number {
    return this.levelsStretch;
  }
}
