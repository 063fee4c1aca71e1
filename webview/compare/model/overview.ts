import type { ComparedRun } from '../../../src/shared/compare-protocol.js';
import type { RunStatus } from '../../../src/shared/run.js';

/** How far a comparison is. */
export interface Overview {
  readonly counts: ReadonlyMap<RunStatus, number>;
  readonly isLive: boolean;
  /** The share of all training that is done, as far as it is known: 0 … 1. */
  readonly share: number;
  /** Seconds still to go; null while these cannot be told. */
  readonly secondsLeft: number | null;
}

/** Runs that have ended count as done, however they ended, because nothing more comes of them. */
export function overviewOf(runs: readonly ComparedRun[]): Overview {
  const counts = new Map<RunStatus, number>();
  for (const { status } of runs) counts.set(status, (counts.get(status) ?? 0) + 1);
  const running = counts.get('running') ?? 0;
  const queued = counts.get('queued') ?? 0;
  const share = runs.length === 0 ? 0 : runs.reduce((sum, run) => sum + shareOf(run), 0) / runs.length;
  return {
    counts,
    isLive: running + queued > 0,
    share,
    secondsLeft: running === 0 ? null : secondsLeft(runs, running),
  };
}

function shareOf({ status, progress }: ComparedRun): number {
  if (status === 'queued') return 0;
  if (status !== 'running') return 1;
  return progress === null || progress.steps === null || progress.steps === 0
    ? 0
    : Math.min(1, progress.step / progress.steps);
}

/**
 * Estimates the seconds left: what is left of the runs that train, and for each run that waits as long as the
 * others take on average, with as many side by side as train now.
 */
function secondsLeft(runs: readonly ComparedRun[], running: number): number | null {
  const totals: number[] = [];
  let left = 0;
  for (const { status, progress, manifest } of runs) {
    if (status === 'finished') totals.push(manifest.times.seconds);
    if (status !== 'running') continue;
    if (progress === null || progress.steps === null || progress.step === 0) continue;
    const total = (progress.seconds / progress.step) * progress.steps;
    totals.push(total);
    left += Math.max(0, total - progress.seconds);
  }
  if (totals.length === 0) return null;
  const usual = totals.reduce((sum, total) => sum + total, 0) / totals.length;
  const waiting = runs.filter(
    ({ status, progress }) =>
      status === 'queued' || (status === 'running' && (progress === null || progress.step === 0)),
  ).length;
  return (left + waiting * usual) / running;
}
