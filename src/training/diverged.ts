import { DivergedError } from '../engine/engine.js';
import type { Experiment } from '../experiment/schema.js';
import type { Reached } from './job.js';

/** A training that has diverged: which task, when, what to try, and how far it had come. */
export class DivergedTraining extends DivergedError {
  constructor(
    error: DivergedError,
    training: Experiment['training'],
    readonly reached: Reached,
  ) {
    super(error.task, error.step);
    this.message = explain(error, training);
    // The log shows where it happened.
    if (error.stack !== undefined) this.stack = error.stack;
  }
}

function explain({ message }: DivergedError, { learningRate }: Experiment['training']): string {
  const lower = Number((learningRate / 10).toPrecision(3));
  return (
    `${message}: try a lower training.learningRate (${lower} instead of ${learningRate}), ` +
    'and columns scaled as "standard"'
  );
}
