import type { RunManifest, RunStatus } from './run-manifest.js';
import { isLive } from './run-status.js';
import { secondsToGo, shareTrained, type TrainingProgress } from './training-progress.js';

/** What telling how far runs are needs of each. */
interface RunUnderWay {
  readonly manifest: Pick<RunManifest, 'times' | 'comparison'>;
  readonly status: RunStatus;
  readonly progress: TrainingProgress | null;
}

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
export function overviewOf(runs: readonly RunUnderWay[]): Overview {
  const counts = new Map<RunStatus, number>();
  for (const { status } of runs) counts.set(status, (counts.get(status) ?? 0) + 1);
  const running = counts.get('running') ?? 0;
  const queued = counts.get('queued') ?? 0;
  const share = runs.length === 0 ? 0 : runs.reduce((sum, run) => sum + shareOf(run), 0) / runs.length;
  const left = running === 0 ? null : secondsLeft(runs, running);
  return {
    counts,
    isLive: running + queued > 0,
    share,
    secondsLeft: left ?? (running + queued > 0 ? expectedLeft(runs, share) : null),
  };
}

/** Returns what is left of the time that a comparison was expected to take; null: they are not the runs of one. */
function expectedLeft(runs: readonly RunUnderWay[], share: number): number | null {
  const [first] = runs;
  const { id, estimatedSeconds } = first?.manifest.comparison ?? {};
  if (estimatedSeconds === undefined) return null;
  const isOne = runs.every(({ manifest }) => manifest.comparison?.id === id);
  return isOne ? estimatedSeconds * (1 - share) : null;
}

function shareOf({ status, progress }: RunUnderWay): number {
  switch (status) {
    case 'queued':
      return 0;
    case 'running':
      return shareTrained(progress) ?? 0;
    case 'finished':
    case 'stopped':
    case 'failed':
    case 'interrupted':
      return 1;
  }
}

/**
 * Estimates the seconds left: what is left of the runs that train, and for each run that waits as long as the
 * others take on average, with as many side by side as train now.
 */
function secondsLeft(runs: readonly RunUnderWay[], running: number): number | null {
  const totals: number[] = [];
  let left = 0;
  let waiting = 0;
  for (const { status, progress, manifest } of runs) {
    const toGo = status === 'running' ? secondsToGo(progress) : null;
    if (status === 'finished') totals.push(manifest.times.seconds);
    else if (toGo !== null) {
      totals.push((progress?.seconds ?? 0) + toGo);
      left += toGo;
    } else if (isLive({ status })) waiting++;
  }
  if (totals.length === 0) return null;
  const usual = totals.reduce((sum, total) => sum + total, 0) / totals.length;
  return (left + waiting * usual) / running;
}
