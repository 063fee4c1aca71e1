import { drawNormal, drawUniform, siteOf, stepKey } from '../../../network/draws/draws.js';
import type { Tensor } from '../backend/tf.js';

/** The forward pass of a training step: its random draws, and what it finds besides the network's outputs. */
export class TrainingPass {
  /** Balance and entropy losses, scalars. */
  readonly additions: Tensor[] = [];
  /** The batch's means and variances, by the names of the running ones. */
  readonly statistics = new Map<string, Float32Array>();
  private readonly key: number;

  /** `step`: optimiser steps done before it. */
  constructor(seed: number, step: number) {
    this.key = stepKey(seed, step);
  }

  /**
   * [rows, units]: 0 for a unit that is dropped, otherwise 1 / (1 − rate). `name`: of the place of the draws.
   */
  dropout(name: string, rate: number, rows: number, units: number): Float32Array {
    const site = siteOf(name);
    const kept = 1 / (1 - Math.fround(rate));
    return Float32Array.from({ length: rows * units }, (_, index) =>
      drawUniform(this.key, site, index) < rate ? 0 : kept,
    );
  }

  /**
   * [rows, experts]: 1 for an expert that a gate keeps, 0 for one that is left out; a row without any keeps
   * all.
   */
  keptExperts(name: string, rate: number, rows: number, experts: number): Float32Array {
    const site = siteOf(name);
    const kept = Float32Array.from({ length: rows * experts }, (_, index) =>
      drawUniform(this.key, site, index) < rate ? 0 : 1,
    );
    for (let first = 0; first < kept.length; first += experts) {
      const row = kept.subarray(first, first + experts);
      if (row.every((one) => one === 0)) row.fill(1);
    }
    return kept;
  }

  /** [rows, units] from N(0, 1). */
  normal(name: string, rows: number, units: number): Float32Array {
    const site = siteOf(name);
    return Float32Array.from({ length: rows * units }, (_, index) => drawNormal(this.key, site, index));
  }
}
