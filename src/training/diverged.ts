import type { DivergedError } from '../engine/engine.js';
import type { Experiment } from '../experiment/schema.js';

/** What to tell a person whose training has diverged: which task, when, what to try. */
export function explainDivergence(error: DivergedError, training: Experiment['training']): string {
  const lower = Number((training.learningRate / 10).toPrecision(3));
  return (
    `the loss of task "${error.task}" is no longer a finite number at step ${error.step}: ` +
    `try a lower training.learningRate (${lower} instead of ${training.learningRate}), and columns scaled as "standard"`
  );
}
