import type { RunStatus } from '../../shared/run/run-manifest.js';
import { t } from '../editor/localise.js';

/** Returns the word for a status, which also fits into a sentence: "it is stopped". */
export function statusLabel(status: RunStatus): string {
  switch (status) {
    case 'queued':
      return t('queued');
    case 'running':
      return t('training');
    case 'finished':
      return t('finished');
    case 'stopped':
      return t('stopped');
    case 'failed':
      return t('failed');
    case 'interrupted':
      return t('interrupted');
  }
}

/** A codicon, with a theme colour where it means that a run trains or is in trouble. */
interface StatusIcon {
  readonly icon: string;
  readonly color?: string;
}

export const statusIcons: Readonly<Record<RunStatus, StatusIcon>> = {
  queued: { icon: 'clock' },
  running: { icon: 'sync~spin', color: 'progressBar.background' },
  finished: { icon: 'pass' },
  stopped: { icon: 'debug-pause' },
  failed: { icon: 'error', color: 'list.errorForeground' },
  interrupted: { icon: 'warning', color: 'list.warningForeground' },
};
