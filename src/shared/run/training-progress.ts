/** How far a training is, and how long it has taken so far. */
export interface TrainingProgress {
  /** Optimiser steps done. */
  readonly step: number;
  /** Steps of the whole training; null while these are not known. */
  readonly steps: number | null;
  /** Seconds of training. */
  readonly seconds: number;
}

/** Returns the share of steps that are done, from 0 to 1; null while that cannot be told. */
export function shareTrained(progress: TrainingProgress | null): number | null {
  if (progress === null || progress.steps === null || progress.steps === 0) return null;
  return Math.min(1, Math.max(0, progress.step) / progress.steps);
}

/** Returns the seconds of training that are left at the speed so far; null while that cannot be told. */
export function secondsToGo(progress: TrainingProgress | null): number | null {
  if (progress === null || progress.steps === null) return null;
  const { step, steps, seconds } = progress;
  if (step <= 0 || seconds <= 0) return null;
  return (seconds / step) * Math.max(0, steps - step);
}

/** Returns the epoch that is being trained after so many steps, from 1; null while it is not known. */
export function currentEpoch(
  { epochs, stepsPerEpoch }: { readonly epochs: number | null; readonly stepsPerEpoch: number | null },
  step: number,
): number | null {
  if (epochs === null || stepsPerEpoch === null || stepsPerEpoch === 0) return null;
  return Math.min(epochs, Math.floor(Math.max(0, step) / stepsPerEpoch) + 1);
}
