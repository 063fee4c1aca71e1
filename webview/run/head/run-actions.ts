import type { RunAction } from '../../../src/shared/messages/run-protocol.js';
import type { RunManifest, RunStatus } from '../../../src/shared/run/run-manifest.js';
import { isLive } from '../../../src/shared/run/run-status.js';
import { s } from '../../strings.js';
import type { MenuEntry } from '../../ui/menu.js';
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
  const compare: RunButton = { action: 'compare', label: s('compare'), isPrimary: false };
  switch (status) {
    case 'queued':
    case 'running':
      return [{ action: 'stop', label: s('stop'), isPrimary: false }];
    case 'stopped':
    case 'interrupted':
      return canTrain
        ? [{ action: 'resume', label: s('resume'), isPrimary: true }, again, compare]
        : [compare];
    case 'finished':
    case 'failed':
      return canTrain ? [again, compare] : [compare];
  }
}

/** Returns the entries of the run's menu. A live run cannot be deleted: it must be stopped first. */
export const runMenu = (
  { starred, experimentFile, summary }: RunManifest,
  status: RunStatus,
): MenuEntry[] => [
  { value: 'rename', label: s('rename') },
  { value: 'star', label: starred ? s('unstar') : s('star') },
  { value: 'editNotes', label: s('editNotes') },
  { value: 'compare', label: s('compare') },
  { value: 'predict', label: s('predict'), apart: true, disabled: (summary?.bestEpoch ?? null) === null },
  { value: 'tryRow', label: s('tryRow'), disabled: (summary?.bestEpoch ?? null) === null },
  { value: 'openExperiment', label: s('experimentFile'), apart: true, disabled: experimentFile === null },
  { value: 'openLog', label: s('openLog') },
  { value: 'openFolder', label: s('openFolder') },
  { value: 'delete', label: s('delete'), apart: true, disabled: isLive({ status }) },
];
