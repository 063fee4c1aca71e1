import type { RunAction } from '../../../src/shared/messages/run-protocol.js';
import type { RunStatus } from '../../../src/shared/run/run-manifest.js';
import { s } from '../../strings.js';
import { askPage } from '../../ui/page/page-events.js';

declare global {
  interface HTMLElementEventMap {
    act: CustomEvent<RunAction>;
  }
}

/** Asks the page, from one of its parts, to have the host do something with the run. */
export const act = (from: HTMLElement, action: RunAction): void => askPage(from, 'act', action);

interface RunButton {
  readonly action: RunAction;
  readonly label: string;
  readonly isPrimary: boolean;
}

/** Returns the buttons that fit the run's state; none that trains in a workspace that is not trusted. */
export function runButtons(status: RunStatus, canTrain: boolean): RunButton[] {
  const again: RunButton = { action: 'runAgain', label: s('runAgain'), isPrimary: false };
  switch (status) {
    case 'queued':
    case 'running':
      return [{ action: 'stop', label: s('stop'), isPrimary: false }];
    case 'stopped':
    case 'interrupted':
      return canTrain ? [{ action: 'resume', label: s('resume'), isPrimary: true }, again] : [];
    case 'finished':
    case 'failed':
      return canTrain ? [again] : [];
  }
}
