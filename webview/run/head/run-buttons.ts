import type { RunAction } from '../../../src/shared/run-protocol.js';
import type { RunStatus } from '../../../src/shared/run.js';
import { s } from '../../strings.js';

interface Button {
  readonly action: RunAction;
  readonly label: string;
  readonly first: boolean;
}

/** What fits the run's state; nothing that trains in a workspace that is not trusted. */
export function runButtons(status: RunStatus, canTrain: boolean): Button[] {
  const again: Button = { action: 'runAgain', label: s('runAgain'), first: false };
  switch (status) {
    case 'queued':
    case 'running':
      return [{ action: 'stop', label: s('stop'), first: false }];
    case 'stopped':
    case 'interrupted':
      return canTrain ? [{ action: 'resume', label: s('resume'), first: true }, again] : [];
    case 'finished':
    case 'failed':
      return canTrain ? [again] : [];
  }
}
