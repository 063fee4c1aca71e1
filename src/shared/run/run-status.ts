import type { RunManifest, RunStatus } from './run-manifest.js';

/**
 * The error code of a run whose loss or weights were no longer numbers: resuming it would end the same way.
 */
export const divergedCode = 'training.diverged';

/** Begins the error codes of runs that could not go on because the machine refused something. */
export const refusedCodes = 'system.';

/** Returns whether a run still trains or waits for it, as opposed to one that has ended. */
export const isLive = ({ status }: { readonly status: RunStatus }): boolean =>
  status === 'queued' || status === 'running';

/** Returns whether a run failed by diverging: training it further would end the same way. */
export const hasDiverged = ({
  manifest,
  status,
}: {
  readonly manifest: Pick<RunManifest, 'error'>;
  readonly status: RunStatus;
}): boolean => status === 'failed' && manifest.error?.code === divergedCode;
